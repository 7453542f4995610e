package dev.martlet.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.martlet.Usage;

/// The count of tokens, there and back. Gemini counts thoughts apart from what was said, and what its own tools brought to
/// the prompt apart from the prompt; the prompt includes what was cached.
///
/// @param total 0 when it was not said
record GeminiUsage(long prompt, long tools, long candidates, long thoughts, long total) {
    private static final long TOKENS_MAX = 1_000_000_000;

    long input() {
        return prompt + tools;
    }

    /// Some count thoughts among what was said as well: then the total is reached without them.
    long output() {
        boolean included = total > 0 && total == prompt + tools + candidates;
        return included ? candidates : candidates + thoughts;
    }

    static ObjectNode toHub(ObjectNode metadata) {
        GeminiUsage usage =
                new GeminiUsage(
                        count(metadata, "promptTokenCount"),
                        count(metadata, "toolUsePromptTokenCount"),
                        count(metadata, "candidatesTokenCount"),
                        count(metadata, "thoughtsTokenCount"),
                        count(metadata, "totalTokenCount"));
        ObjectNode hub =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("prompt_tokens", usage.input())
                        .put("completion_tokens", usage.output())
                        .put("total_tokens", usage.input() + usage.output());
        hub.putObject("prompt_tokens_details").put("cached_tokens", count(metadata, "cachedContentTokenCount"));
        hub.putObject("completion_tokens_details").put("reasoning_tokens", usage.thoughts());
        hub.putObject("extra_content").set("google", metadata);
        return hub;
    }

    static ObjectNode fromHub(ObjectNode hub) {
        if (hub.path("extra_content").path("google") instanceof ObjectNode metadata) return metadata;
        Usage counted = UsageReading.of(hub);
        long output = counted.output();
        long thoughts = counted.reasoning();
        ObjectNode metadata = JsonNodeFactory.instance.objectNode().put("promptTokenCount", counted.input());
        if (counted.cached() > 0) metadata.put("cachedContentTokenCount", counted.cached());
        metadata.put(
                "candidatesTokenCount",
                thoughts > output ? output : output - thoughts); // some count more than there was
        if (thoughts > 0) metadata.put("thoughtsTokenCount", thoughts);
        return metadata.put("totalTokenCount", counted.input() + output);
    }

    private static long count(JsonNode counts, String name) {
        JsonNode count = counts.path(name);
        boolean usual = count.isIntegralNumber() && count.canConvertToLong();
        return usual && count.asLong() > 0 && count.asLong() <= TOKENS_MAX ? count.asLong() : 0;
    }
}
