package dev.martlet.dialect;

import dev.martlet.wire.Json;
import dev.martlet.wire.Json.Members;
import dev.martlet.wire.Json.Names;
import dev.martlet.wire.Json.Value;
import dev.martlet.wire.Span;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/// The outermost members of an answer, or of an event of one, that say something to the gateway.
final class Answers {
    static final Names TOP =
            Names.of(
                    "choices",
                    "model",
                    "usage",
                    "x_groq",
                    "meta",
                    "error",
                    "object",
                    "message",
                    "type",
                    "code",
                    "status",
                    "status_code");

    /// Where to begin at the end of a large answer: what the gateway wants of it.
    private static final byte[][] WANTED = {bytes("\"model\""), bytes("\"usage\"")};

    private static final int END_BYTES_MAX = 8 << 10;

    private Answers() {}

    /// The outermost members that begin in the last bytes of an object. Where one of them begins, an opening brace and the
    /// rest are an object themselves; nowhere else they are, not in a string and not deeper inside.
    static Members atEnd(byte[] last) {
        for (int at = Math.max(1, last.length - END_BYTES_MAX); at < last.length; at++) {
            if (last[at] != '"' || !isWanted(last, at)) continue;
            byte[] rest = last.clone();
            rest[at - 1] = '{';
            Json json = Json.read(rest, new Span(at - 1, rest.length), TOP);
            if (json.fault().isEmpty()) return json.members();
        }
        return TOP.none();
    }

    private static boolean isWanted(byte[] last, int at) {
        for (byte[] name : WANTED) {
            int end = at + name.length;
            if (end <= last.length && Arrays.equals(last, at, end, name, 0, name.length)) return true;
        }
        return false;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /// Where the model is named.
    static Optional<Span> model(Members members) {
        return members.find("model").filter(value -> value.is(Json.Kind.STRING)).map(Value::span);
    }
}
