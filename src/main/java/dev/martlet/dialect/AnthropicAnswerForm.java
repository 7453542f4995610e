package dev.martlet.dialect;

import dev.martlet.Usage;
import dev.martlet.wire.Json;
import dev.martlet.wire.Json.Members;
import dev.martlet.wire.Json.Names;
import dev.martlet.wire.Span;

import java.util.Optional;

/// A message, or an error, as Anthropic writes it.
final class AnthropicAnswerForm implements AnswerForm {
    static final AnthropicAnswerForm THE_ONE = new AnthropicAnswerForm();

    private AnthropicAnswerForm() {}

    @Override
    public Names top() {
        return Answers.TOP;
    }

    @Override
    public ErrorReading error(Json answer) {
        return AnthropicErrors.read(answer);
    }

    @Override
    public Optional<Usage> usage(Members top) {
        AnthropicTokens tokens = new AnthropicTokens();
        tokens.read(top);
        return tokens.usage();
    }

    @Override
    public Optional<Span> model(Members top) {
        return Answers.model(top);
    }
}
