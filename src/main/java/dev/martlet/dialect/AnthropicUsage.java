package dev.martlet.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.martlet.Usage;

/// The count of tokens: Anthropic counts those apart that its cache was read or written for, the hub does not.
final class AnthropicUsage {
    private static final long TOKENS_MAX = 1_000_000_000;

    private AnthropicUsage() {}

    static ObjectNode toHub(ObjectNode usage) {
        long cached = count(usage, "cache_read_input_tokens");
        long created = count(usage, "cache_creation_input_tokens");
        long input = count(usage, "input_tokens") + created + cached;
        long output = count(usage, "output_tokens");
        ObjectNode hub =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("prompt_tokens", input)
                        .put("completion_tokens", output)
                        .put("total_tokens", input + output);
        ObjectNode details = hub.putObject("prompt_tokens_details").put("cached_tokens", cached);
        if (created > 0) details.put("cache_write_tokens", created);
        hub.putObject("completion_tokens_details")
                .put("reasoning_tokens", count(usage.path("output_tokens_details"), "thinking_tokens"));
        hub.putObject("extra_content").set("anthropic", usage);
        return hub;
    }

    static ObjectNode fromHub(JsonNode hub) {
        if (hub.path("extra_content").path("anthropic") instanceof ObjectNode usage) return usage;
        Usage said = UsageReading.of(hub);
        long created = count(hub.path("prompt_tokens_details"), "cache_write_tokens");
        long rest = said.input() - said.cached() - created;
        ObjectNode usage =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("input_tokens", rest < 0 ? said.input() : rest) // who has more, counts them apart
                        .put("cache_creation_input_tokens", created)
                        .put("cache_read_input_tokens", said.cached())
                        .put("output_tokens", said.output());
        if (said.reasoning() > 0) usage.putObject("output_tokens_details").put("thinking_tokens", said.reasoning());
        return usage;
    }

    private static long count(JsonNode usage, String name) {
        JsonNode count = usage.path(name);
        boolean usual = count.isIntegralNumber() && count.canConvertToLong() && count.asLong() <= TOKENS_MAX;
        return usual ? Math.max(0, count.asLong()) : 0;
    }
}
