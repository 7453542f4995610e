package dev.martlet.relay;

import dev.martlet.Body;
import dev.martlet.Call;
import dev.martlet.LaneChoice;
import dev.martlet.LaneChoice.Reason;
import dev.martlet.wire.Json;
import dev.martlet.wire.Json.Value;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Which lane a call goes by (`product.md`, section 6): the first rule that holds.
final class LaneRule {
    private static final Set<String> BRIEF = Set.of("GET", "HEAD", "OPTIONS");
    private static final long LARGE_BYTES = 1 << 20;
    private static final Json.Names STREAM = Json.Names.of("stream");

    /// Where the body says whether events are wanted.
    private static final List<String> STREAMING =
            List.of(
                    "/v1/chat/completions",
                    "/v1/completions",
                    "/v1/messages",
                    "/v1/realtime",
                    "/v1/engines",
                    "/v1/responses");

    /// What takes long.
    private static final List<String> LONG_RUNNING =
            List.of(
                    "/v1/audio/transcriptions",
                    "/v1/audio/translations",
                    "/v1/images/generations",
                    "/v1/images/edits",
                    "/v1/images/variations",
                    "/v1/embeddings",
                    "/v1/fine-tunes",
                    "/v1/fine_tuning/jobs",
                    "/v1/files",
                    "/v1/batches");

    private LaneRule() {}

    /// The lane of a call.
    ///
    /// @param body what of its body is here: all of it, or nothing of one that flows
    static LaneChoice choose(Call call, byte[] body) {
        long length = call.body() instanceof Body.Flowing flowing ? flowing.length().orElse(0) : body.length;
        return new LaneChoice(reason(call, body, length), length);
    }

    private static Reason reason(Call call, byte[] body, long length) {
        if (BRIEF.contains(call.method())) return Reason.METHOD;
        if (wantsEvents(call) || (asksInBody(call) && isStream(body))) return Reason.STREAMING;
        if (contains(call, LONG_RUNNING)) return Reason.LONG_RUNNING;
        return length > LARGE_BYTES ? Reason.LARGE_BODY : Reason.DEFAULT;
    }

    /// Whether the body of a call has to be looked at.
    static boolean asksInBody(Call call) {
        return call.method().equals("POST") && isJson(call) && contains(call, STREAMING);
    }

    private static boolean wantsEvents(Call call) {
        return Arrays.asList(query(call).split("&", -1)).contains("stream=true")
                || call.fields().all("Accept").stream().anyMatch(type -> lower(type).contains("text/event-stream"));
    }

    private static String query(Call call) {
        int mark = call.target().indexOf('?');
        return mark < 0 ? "" : call.target().substring(mark + 1);
    }

    private static boolean contains(Call call, List<String> paths) {
        return paths.stream().anyMatch(call.path()::contains);
    }

    /// A body that is not said to be something else is looked at, too.
    private static boolean isJson(Call call) {
        return call.fields().first("Content-Type").map(type -> lower(type).contains("json")).orElse(true);
    }

    private static boolean isStream(byte[] body) {
        Json json = Json.read(body, STREAM);
        boolean sound = json.fault().isEmpty();
        return sound
                && json.members()
                        .find("stream")
                        .filter(value -> value.is(Json.Kind.BOOLEAN))
                        .filter(Value::isTrue)
                        .isPresent();
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
