package dev.martlet.dialect;

import dev.martlet.Usage;
import dev.martlet.wire.Json;
import dev.martlet.wire.Json.Members;
import dev.martlet.wire.Json.Names;
import dev.martlet.wire.Json.Value;
import dev.martlet.wire.Span;

import java.util.Optional;
import java.util.OptionalLong;

/// What Gemini writes, whole or as an event: both have the same members.
final class GeminiAnswerForm implements AnswerForm {
    static final GeminiAnswerForm THE_ONE = new GeminiAnswerForm();
    static final Names TOP = Names.of("candidates", "promptFeedback", "usageMetadata", "modelVersion", "error");

    private static final long TOKENS_MAX = 1_000_000_000;
    private static final Names COUNTS =
            Names.of(
                    "promptTokenCount",
                    "toolUsePromptTokenCount",
                    "cachedContentTokenCount",
                    "candidatesTokenCount",
                    "thoughtsTokenCount",
                    "totalTokenCount");

    private GeminiAnswerForm() {}

    @Override
    public Names top() {
        return TOP;
    }

    @Override
    public ErrorReading error(Json answer) {
        return GeminiErrorReading.of(answer);
    }

    @Override
    public Optional<Usage> usage(Members top) {
        return top.find("usageMetadata")
                .filter(value -> value.is(Json.Kind.OBJECT) && !value.isEmpty())
                .map(value -> read(value.members(COUNTS)));
    }

    @Override
    public Optional<Span> model(Members top) {
        return top.find("modelVersion").filter(value -> value.is(Json.Kind.STRING)).map(Value::span);
    }

    private static Usage read(Members counts) {
        GeminiUsage usage =
                new GeminiUsage(
                        count(counts, "promptTokenCount"),
                        count(counts, "toolUsePromptTokenCount"),
                        count(counts, "candidatesTokenCount"),
                        count(counts, "thoughtsTokenCount"),
                        count(counts, "totalTokenCount"));
        return new Usage(usage.input(), count(counts, "cachedContentTokenCount"), usage.output(), usage.thoughts());
    }

    private static long count(Members counts, String name) {
        OptionalLong count = counts.find(name).map(Value::count).orElse(OptionalLong.empty());
        return count.orElse(0) <= TOKENS_MAX ? count.orElse(0) : 0;
    }
}
