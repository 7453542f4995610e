package dev.martlet.dialect;

import dev.martlet.Dialect;
import dev.martlet.Usage;
import dev.martlet.wire.Json;
import dev.martlet.wire.Json.Members;
import dev.martlet.wire.Json.Names;
import dev.martlet.wire.Span;

import java.util.Optional;

/// Where the answers of one dialect say what the gateway wants to know of them.
interface AnswerForm {
    static AnswerForm of(Dialect dialect) {
        return switch (dialect) {
            case OPENAI -> OpenAiAnswerForm.THE_ONE;
            case ANTHROPIC -> AnthropicAnswerForm.THE_ONE;
            case GEMINI -> GeminiAnswerForm.THE_ONE;
            case RESPONSES -> throw new IllegalArgumentException(dialect.word() + " is not read");
        };
    }

    /// The outermost members that it looks at.
    Names top();

    /// What an answer says about an error; [ErrorReading#NONE] when it is none.
    ErrorReading error(Json answer);

    Optional<Usage> usage(Members top);

    /// Where the model is named, quotes included.
    Optional<Span> model(Members top);
}
