package dev.martlet.dialect;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.math.BigDecimal;
import java.util.regex.Pattern;

/// A request of the hub in the words of Anthropic.
final class AnthropicRequestFromHub {
    private static final String JSON_ONLY = "Answer with one JSON object and nothing else.";

    private static final int USER_CHARS_MAX = 256;
    private static final Pattern ADDRESS = Pattern.compile("\\S@\\S+\\.\\S");

    private final Inquiry inquiry;
    private final Given hub;
    private final Losses losses;
    private final AnthropicModel model;
    private final ObjectNode body = JsonNodeFactory.instance.objectNode();

    AnthropicRequestFromHub(Inquiry inquiry, Losses losses) {
        this.inquiry = inquiry;
        this.hub = Given.of(inquiry.body());
        this.losses = losses;
        this.model = AnthropicModel.of(inquiry.model());
    }

    ObjectNode body() {
        body.put("model", inquiry.model());
        if (inquiry.stream()) body.put("stream", true);
        AnthropicMessagesFromHub conversation = new AnthropicMessagesFromHub(model, losses);
        for (Given message : hub.at("messages").list()) conversation.add(message);
        AnthropicGrammar grammar = new AnthropicGrammar(model);
        putFormat(conversation, grammar);
        AnthropicTools.fromHub(hub, grammar, body, losses);
        AnthropicTools.choose(hub, model, body, losses).ifPresent(conversation::tell);
        conversation.writeTo(body, hub.at("messages"));
        AnthropicThinking.fromHub(hub, model, body, losses);
        for (Given field : hub.members()) put(field);
        new Unsaid(losses).putExtra(hub.at("extra_content"), "anthropic", body);
        AnthropicCaching.bound(body, losses);
        return body;
    }

    private void put(Given field) {
        switch (field.name()) {
            case "messages", "response_format", "max_tokens", "max_completion_tokens" -> {}
            case "tools", "functions", "tool_choice", "function_call", "parallel_tool_calls", "web_search_options" -> {}
            case "reasoning_effort", "thinking", "reasoning", "extra_content" -> {}
            case "temperature", "top_p", "top_k" -> putSampling(field);
            case "stop" -> putStops(field);
            case "user", "safety_identifier" -> putUser(field);
            case "cache_control" -> body.set("cache_control", field.value());
            case "service_tier" -> putTier(field);
            default -> new Unsaid(losses).leaveOut(field);
        }
    }

    /// What the model does not take, or not beside the rest, is left to its own choice.
    private void putSampling(Given field) {
        BigDecimal number = field.number().orElseThrow();
        String thinking = body.path("thinking").path("type").asText();
        boolean thinks = thinking.equals("enabled") || thinking.equals("adaptive");
        boolean second = field.name().equals("top_p") && hub.at("temperature").isPresent() && !model.samplesTwice();
        if (!model.samples() || thinks || second) {
            losses.drop(field.path());
        } else if (!field.name().equals("top_k") && number.compareTo(BigDecimal.ONE) > 0) {
            body.put(field.name(), 1);
            losses.drop(field.path());
        } else {
            body.set(field.name(), field.value());
        }
    }

    private void putStops(Given stops) {
        ArrayNode sequences = JsonNodeFactory.instance.arrayNode();
        for (Given stop : stops.oneOrMany()) {
            if (stop.required().isBlank()) losses.drop(stops.path());
            else sequences.add(stop.required());
        }
        if (!sequences.isEmpty()) body.set("stop_sequences", sequences);
    }

    /// Who can be told by the name of the user is not accepted ("user_id appears to contain an email address").
    private void putUser(Given user) {
        String id = user.required();
        if (id.length() > USER_CHARS_MAX || ADDRESS.matcher(id).find()) losses.drop(user.path());
        else body.withObjectProperty("metadata").put("user_id", id);
    }

    private void putTier(Given tier) {
        switch (tier.required()) {
            case "auto" -> body.put("service_tier", "auto");
            case "default" -> body.put("service_tier", "standard_only");
            default -> losses.drop(tier.path());
        }
    }

    private void putFormat(AnthropicMessagesFromHub conversation, AnthropicGrammar grammar) {
        Given format = hub.at("response_format");
        switch (format.at("type").text().orElse("text")) {
            case "text" -> {}
            case "json_object" -> conversation.tell(JSON_ONLY);
            case "json_schema" -> {
                ObjectNode schema = OpenAiSchema.described(format.at("json_schema"));
                if (grammar.takes(schema)) {
                    ObjectNode target = body.putObject("output_config").putObject("format").put("type", "json_schema");
                    target.set("schema", AnthropicSchema.bound(schema));
                } else {
                    if (format.at("json_schema").at("strict").isTrue())
                        losses.drop("response_format.json_schema.strict");
                    conversation.tell(JSON_ONLY + " It has to be valid under this JSON schema:\n" + schema);
                }
            }
            default -> throw format.at("type").wrong("json_object, json_schema or text");
        }
    }
}
