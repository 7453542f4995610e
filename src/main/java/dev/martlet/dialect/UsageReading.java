package dev.martlet.dialect;

import com.fasterxml.jackson.databind.JsonNode;

import dev.martlet.Usage;
import dev.martlet.wire.Json;
import dev.martlet.wire.Json.Members;
import dev.martlet.wire.Json.Names;
import dev.martlet.wire.Json.Value;
import dev.martlet.wire.JsonTree;
import dev.martlet.wire.Span;

import java.util.Optional;
import java.util.OptionalLong;

/// The count of tokens of an answer, in the words of those who write it in the OpenAI dialect. What is no whole number, is
/// negative or beyond belief was not said; an explicit zero is a zero.
final class UsageReading {
    private static final long TOKENS_MAX = 1_000_000_000;

    private static final Usage NONE = new Usage(0, 0, 0, 0);

    private static final Names INSIDE =
            Names.of(
                    "prompt_tokens",
                    "input_tokens",
                    "completion_tokens",
                    "output_tokens",
                    "total_tokens",
                    "reasoning_tokens",
                    "prompt_cache_hit_tokens",
                    "num_cached_tokens",
                    "prompt_tokens_details",
                    "input_tokens_details",
                    "completion_tokens_details",
                    "output_tokens_details");
    private static final Names DETAILS = Names.of("cached_tokens", "reasoning_tokens", "audio_tokens");
    private static final Names NESTED = Names.of("usage", "tokens");

    private final Members usage;
    private final Members input;
    private final Members output;

    private UsageReading(Value usage) {
        this.usage = usage.members(INSIDE);
        this.input = details("prompt_tokens_details", "input_tokens_details");
        this.output = details("completion_tokens_details", "output_tokens_details");
    }

    /// The usage of an answer or of an event: under `usage`; Groq has it under `x_groq`, rerankers in the manner of Cohere
    /// under `meta.tokens`.
    static Optional<Usage> of(Members top) {
        return top.find("usage")
                .filter(value -> value.is(Json.Kind.OBJECT))
                .or(() -> top.find("x_groq").flatMap(value -> value.members(NESTED).find("usage")))
                .or(() -> top.find("meta").flatMap(value -> value.members(NESTED).find("tokens")))
                .flatMap(UsageReading::of);
    }

    /// What stands under `usage`.
    static Optional<Usage> of(Value usage) {
        return new UsageReading(usage).read();
    }

    /// What stands under `usage` in a tree; zeros where nothing is counted.
    static Usage of(JsonNode usage) {
        byte[] json = JsonTree.write(usage);
        Value read = Json.read(json, new Span(0, json.length), INSIDE).root();
        return (read.is(Json.Kind.OBJECT) ? of(read) : Optional.<Usage>empty()).orElse(NONE);
    }

    private Optional<Usage> read() {
        OptionalLong input = first(usage, "prompt_tokens", "input_tokens");
        OptionalLong output = first(usage, "completion_tokens", "output_tokens");
        OptionalLong total = first(usage, "total_tokens");
        if (input.isEmpty() && output.isEmpty() && total.isEmpty()) return Optional.empty();
        long reasoning = first(this.output, "reasoning_tokens").orElse(first(usage, "reasoning_tokens").orElse(0));
        long out = output.orElse(0);
        long in = input.orElse(Math.max(0, total.orElse(0) - out));
        long hit = first(usage, "prompt_cache_hit_tokens", "num_cached_tokens").orElse(0); // Mistral's in whole blocks
        long cached = first(this.input, "cached_tokens").orElse(Math.min(hit, in));
        long rest = Math.max(0, total.orElse(0) - in - out);
        long sound = uncountedSound(rest, reasoning);
        return Optional.of(new Usage(in + sound, cached, out + rest - sound, reasoning));
    }

    /// What the total is larger by is sound that was not counted as input (Mistral), or else thoughts that were not counted
    /// as output (xAI; Google, which does not say so).
    private long uncountedSound(long rest, long reasoning) {
        long sound = first(input, "audio_tokens").orElse(0);
        boolean counts = rest != reasoning && (rest == sound || rest == sound + reasoning);
        return counts ? sound : 0;
    }

    private Members details(String name, String otherName) {
        return usage.find(name)
                .or(() -> usage.find(otherName))
                .map(value -> value.members(DETAILS))
                .orElseGet(DETAILS::none);
    }

    /// The first of these that is a count.
    static OptionalLong first(Members members, String... names) {
        for (String name : names) {
            OptionalLong count = members.find(name).map(Value::count).orElse(OptionalLong.empty());
            if (count.isPresent() && count.getAsLong() <= TOKENS_MAX) return count;
        }
        return OptionalLong.empty();
    }
}
