package dev.martlet.dialect;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Set;

/// A request of the hub in the words of Google.
final class GeminiRequestFromHub {
    /// Seed 002: what the caller did not ask to be blocked is not.
    private static final List<String> HARMS =
            List.of(
                    "HARM_CATEGORY_HATE_SPEECH",
                    "HARM_CATEGORY_SEXUALLY_EXPLICIT",
                    "HARM_CATEGORY_DANGEROUS_CONTENT",
                    "HARM_CATEGORY_HARASSMENT");

    private final Given hub;
    private final Losses losses;
    private final GeminiModel model;
    private final ObjectNode body = JsonNodeFactory.instance.objectNode();

    GeminiRequestFromHub(Inquiry inquiry, Losses losses) {
        this.hub = Given.of(inquiry.body());
        this.losses = losses;
        this.model = GeminiModel.of(inquiry.model());
    }

    ObjectNode body() {
        ObjectNode config = GeminiSampling.fromHub(hub, model, losses);
        GeminiContentsFromHub conversation = new GeminiContentsFromHub(hub.at("messages"), model, losses);
        GeminiFormat.fromHub(hub, model, config, losses).ifPresent(conversation::tell);
        conversation.writeTo(body);
        GeminiTools.fromHub(hub, model, body, losses);
        if (!config.isEmpty()) body.set("generationConfig", config);
        for (Given field : hub.members()) put(field);
        new Unsaid(losses).putExtra(hub.at("extra_content"), "google", body);
        if (!body.has("safetySettings") && !body.has("safety_settings")) putSafety();
        return body;
    }

    private void put(Given field) {
        switch (field.name()) {
            case "messages", "tools", "functions", "tool_choice", "function_call", "parallel_tool_calls" -> {}
            case "web_search_options", "response_format", "reasoning_effort", "thinking", "reasoning" -> {}
            case "temperature", "top_p", "top_k", "max_tokens", "max_completion_tokens", "stop", "n", "seed" -> {}
            case "presence_penalty",
                    "frequency_penalty",
                    "logprobs",
                    "top_logprobs",
                    "modalities",
                    "extra_content" -> {}
            case "service_tier" -> putTier(field);
            case "extra_body" -> putExtraBody(field);
            default -> new Unsaid(losses).leaveOut(field);
        }
    }

    /// How callers of Google's own endpoint for OpenAI's words say what these have no word for
    /// (ai.google.dev, "OpenAI compatibility").
    private void putExtraBody(Given extra) {
        losses.dropOthers(extra, Set.of("google"));
        for (Given field : extra.at("google").members()) {
            switch (Given.camel(field.name())) {
                case "thinkingConfig" ->
                        body.withObjectProperty("generationConfig").set("thinkingConfig", field.value());
                case "cachedContent" -> body.set("cachedContent", field.value());
                default -> losses.drop(field.path());
            }
        }
    }

    private void putTier(Given tier) {
        switch (tier.required()) {
            case "auto", "default" -> {} // which is what those get who say nothing
            case "flex", "priority" -> body.put("serviceTier", tier.required());
            default -> losses.drop(tier.path());
        }
    }

    private void putSafety() {
        ArrayNode settings = body.putArray("safetySettings");
        for (String harm : HARMS) settings.addObject().put("category", harm).put("threshold", "BLOCK_NONE");
    }
}
