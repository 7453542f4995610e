package dev.martlet.dialect;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.Map;

/// A request of Anthropic's in the words of the hub.
final class AnthropicRequestToHub {
    /// `user` is no longer than this at OpenAI.
    private static final int USER_CHARS_MAX = 64;

    private static final Map<String, String> WORDS =
            Map.ofEntries(
                    Map.entry("extra_content.anthropic", ""),
                    Map.entry("messages.extra_content.anthropic.thinking", "messages.content.thinking"),
                    Map.entry("messages.extra_content.anthropic.content", "messages.content.server_tool_use"),
                    Map.entry("messages.extra_content.anthropic.is_error", "messages.content.is_error"),
                    Map.entry("messages.reasoning_content", "messages.content.thinking"),
                    Map.entry("messages.cache_control", "messages.content.cache_control"),
                    Map.entry("messages.tool_calls", "messages.content"),
                    Map.entry("messages.content.file.filename", "messages.content.title"),
                    Map.entry("tools.function.strict", "tools.strict"),
                    Map.entry("stop", "stop_sequences"),
                    Map.entry("reasoning_effort", "thinking"),
                    Map.entry("response_format", "output_config.format"),
                    Map.entry("web_search_options", "tools"),
                    Map.entry("parallel_tool_calls", "tool_choice.disable_parallel_tool_use"),
                    Map.entry("user", "metadata.user_id"),
                    Map.entry("max_completion_tokens", "max_tokens"));

    private final Given asked;
    private final Losses losses;
    private final ObjectNode hub = JsonNodeFactory.instance.objectNode();

    AnthropicRequestToHub(Given asked, Losses losses) {
        this.asked = asked;
        this.losses = losses;
    }

    ObjectNode hub() {
        hub.set("messages", new AnthropicMessagesToHub(losses).hub(asked.at("system"), asked.at("messages")));
        for (Given field : asked.members()) put(field);
        AnthropicThinking.toHub(asked, hub);
        losses.in(WORDS);
        return hub;
    }

    private void put(Given field) {
        switch (field.name()) {
            case "model", "stream", "system", "messages", "thinking" -> {}
            case "max_tokens" -> hub.set("max_completion_tokens", field.value());
            case "stop_sequences" -> hub.set("stop", field.value());
            case "temperature", "cache_control" -> hub.set(field.name(), field.value());
            case "top_p", "top_k" -> putSampling(field);
            case "tools" -> AnthropicTools.toHub(field, hub, losses);
            case "tool_choice" -> AnthropicTools.choiceToHub(field, hub);
            case "metadata" -> putMetadata(field);
            case "service_tier" -> hub.put("service_tier", field.says("standard_only") ? "default" : "auto");
            case "output_config" -> putOutput(field);
            case "output_format" -> putFormat(field);
            default -> extra().set(field.name(), field.value());
        }
    }

    /// Less than nothing is how older SDKs say that they do not choose.
    private void putSampling(Given field) {
        boolean chosen = field.number().orElseThrow().signum() >= 0;
        if (chosen) hub.set(field.name(), field.value());
    }

    private void putMetadata(Given metadata) {
        for (Given member : metadata.members()) {
            boolean fits = member.name().equals("user_id") && member.required().length() <= USER_CHARS_MAX;
            if (fits) hub.put("user", member.required());
            else losses.drop(member.path());
        }
    }

    private void putOutput(Given config) {
        for (Given member : config.members()) {
            switch (member.name()) {
                case "format" -> putFormat(member);
                case "effort" -> {}
                default -> losses.drop(member.path());
            }
        }
    }

    private void putFormat(Given format) {
        if (!format.at("type").says("json_schema")) throw format.at("type").wrong("json_schema");
        ObjectNode schema = hub.putObject("response_format").put("type", "json_schema").putObject("json_schema");
        schema.put("name", "answer").put("strict", true).set("schema", format.at("schema").object());
    }

    private ObjectNode extra() {
        return hub.withObjectProperty("extra_content").withObjectProperty("anthropic");
    }
}
