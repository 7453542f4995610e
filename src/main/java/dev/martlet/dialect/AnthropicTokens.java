package dev.martlet.dialect;

import dev.martlet.Usage;
import dev.martlet.wire.Json.Members;
import dev.martlet.wire.Json.Names;
import dev.martlet.wire.Json.Value;

import java.util.Optional;

/// The count of tokens in an answer, or in the events of a stream: of each kind the last word counts.
final class AnthropicTokens {
    private static final Names INSIDE =
            Names.of(
                    "input_tokens",
                    "cache_creation_input_tokens",
                    "cache_read_input_tokens",
                    "output_tokens",
                    "output_tokens_details");
    private static final Names DETAILS = Names.of("thinking_tokens");

    private boolean counted;
    private long input;
    private long created;
    private long cached;
    private long output;
    private long thought;

    /// Reads what stands under `usage`, if anything does.
    void read(Members members) {
        Optional<Members> usage = members.find("usage").map(value -> value.members(INSIDE));
        if (usage.isEmpty() || usage.get().count() == 0) return;
        counted |= UsageReading.first(usage.get(), "input_tokens", "output_tokens").isPresent();
        input = UsageReading.first(usage.get(), "input_tokens").orElse(input);
        created = UsageReading.first(usage.get(), "cache_creation_input_tokens").orElse(created);
        cached = UsageReading.first(usage.get(), "cache_read_input_tokens").orElse(cached);
        output = UsageReading.first(usage.get(), "output_tokens").orElse(output);
        Optional<Value> details = usage.get().find("output_tokens_details");
        if (details.isPresent())
            thought = UsageReading.first(details.get().members(DETAILS), "thinking_tokens").orElse(thought);
    }

    Optional<Usage> usage() {
        return counted ? Optional.of(new Usage(input + created + cached, cached, output, thought)) : Optional.empty();
    }
}
