package dev.martlet.dialect;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.Map;

/// A request of Google's in the words of the hub. Its names may be written as `topP` or as `top_p`.
final class GeminiRequestToHub {
    private static final String CONFIG = "generationConfig";

    private static final Map<String, String> WORDS =
            Map.ofEntries(
                    Map.entry("extra_content.google", ""),
                    Map.entry("messages.extra_content.google.parts", "contents.parts"),
                    Map.entry("messages.extra_content.google.thought_signature", "contents.parts.thoughtSignature"),
                    Map.entry(
                            "messages.tool_calls.extra_content.google.thought_signature",
                            "contents.parts.thoughtSignature"),
                    Map.entry(
                            "messages.extra_content.anthropic.is_error",
                            "contents.parts.functionResponse.response.error"),
                    Map.entry("messages.reasoning_content", "contents.parts.thought"),
                    Map.entry("messages", "contents"),
                    Map.entry("messages.content", "contents.parts"),
                    Map.entry("tools.function", "tools.functionDeclarations"),
                    Map.entry("web_search_options", "tools.googleSearch"),
                    Map.entry("tool_choice", "toolConfig.functionCallingConfig"),
                    Map.entry("service_tier", "serviceTier"),
                    Map.entry("temperature", CONFIG + ".temperature"),
                    Map.entry("top_p", CONFIG + ".topP"),
                    Map.entry("top_k", CONFIG + ".topK"),
                    Map.entry("max_completion_tokens", CONFIG + ".maxOutputTokens"),
                    Map.entry("stop", CONFIG + ".stopSequences"),
                    Map.entry("n", CONFIG + ".candidateCount"),
                    Map.entry("seed", CONFIG + ".seed"),
                    Map.entry("presence_penalty", CONFIG + ".presencePenalty"),
                    Map.entry("frequency_penalty", CONFIG + ".frequencyPenalty"),
                    Map.entry("logprobs", CONFIG + ".responseLogprobs"),
                    Map.entry("top_logprobs", CONFIG + ".logprobs"),
                    Map.entry("response_format", CONFIG + ".responseMimeType"),
                    Map.entry("modalities", CONFIG + ".responseModalities"),
                    Map.entry("thinking", CONFIG + ".thinkingConfig"),
                    Map.entry("reasoning_effort", CONFIG + ".thinkingConfig"));

    private final Given asked;
    private final Losses losses;
    private final ObjectNode hub = JsonNodeFactory.instance.objectNode();

    GeminiRequestToHub(Given asked, Losses losses) {
        this.asked = asked;
        this.losses = losses;
    }

    ObjectNode hub() {
        GeminiContentsToHub conversation = new GeminiContentsToHub(losses);
        hub.set("messages", conversation.hub(asked.at("systemInstruction"), asked.at("contents")));
        for (Given field : asked.members()) {
            switch (Given.camel(field.name())) {
                case "model", "contents", "systemInstruction" -> {}
                case CONFIG -> GeminiSampling.toHub(field, hub, losses);
                case "tools" -> GeminiTools.toHub(field, hub, losses);
                case "toolConfig" -> GeminiTools.choiceToHub(field, hub, losses);
                case "serviceTier" -> putTier(field);
                default ->
                        hub.withObjectProperty("extra_content")
                                .withObjectProperty("google")
                                .set(Given.camel(field.name()), field.value());
            }
        }
        losses.in(WORDS);
        return hub;
    }

    private void putTier(Given tier) {
        String word = tier.required();
        hub.put("service_tier", word.equals("standard") ? "default" : word.equals("unspecified") ? "auto" : word);
    }
}
