package dev.martlet.dialect;

import dev.martlet.wire.Json;
import dev.martlet.wire.Json.Members;
import dev.martlet.wire.Json.Names;
import dev.martlet.wire.Json.Value;
import dev.martlet.wire.Span;

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

    private Answers() {}

    /// Where the model is named.
    static Optional<Span> model(Members members) {
        return members.find("model").filter(value -> value.is(Json.Kind.STRING)).map(Value::span);
    }
}
