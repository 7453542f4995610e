package dev.martlet.dialect;

import dev.martlet.Usage;
import dev.martlet.wire.Json;
import dev.martlet.wire.Json.Members;
import dev.martlet.wire.Json.Names;
import dev.martlet.wire.Span;

import java.util.Optional;

/// What those write who speak the OpenAI dialect.
final class OpenAiAnswerForm implements AnswerForm {
    static final OpenAiAnswerForm THE_ONE = new OpenAiAnswerForm();

    private OpenAiAnswerForm() {}

    @Override
    public Names top() {
        return Answers.TOP;
    }

    @Override
    public ErrorReading error(Json answer) {
        return OpenAiErrorReading.of(answer);
    }

    @Override
    public Optional<Usage> usage(Members top) {
        return UsageReading.of(top);
    }

    @Override
    public Optional<Span> model(Members top) {
        return Answers.model(top);
    }
}
