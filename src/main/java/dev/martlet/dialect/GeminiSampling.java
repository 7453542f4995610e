package dev.martlet.dialect;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// `generationConfig`, there and back.
final class GeminiSampling {
    private static final String JSON = "application/json";

    /// Google's names for what the hub has too, with values that mean the same.
    private static final Map<String, String> SAME =
            Map.of(
                    "temperature", "temperature",
                    "topP", "top_p",
                    "topK", "top_k",
                    "maxOutputTokens", "max_completion_tokens",
                    "stopSequences", "stop",
                    "candidateCount", "n",
                    "seed", "seed",
                    "presencePenalty", "presence_penalty",
                    "frequencyPenalty", "frequency_penalty",
                    "responseLogprobs", "logprobs");

    private static final Map<String, String> HUB =
            SAME.entrySet().stream().collect(Collectors.toUnmodifiableMap(Map.Entry::getValue, Map.Entry::getKey));

    private GeminiSampling() {}

    static void toHub(Given config, ObjectNode hub, Losses losses) {
        for (Given field : config.members()) {
            String name = Given.camel(field.name());
            String same = SAME.get(name);
            if (same != null) hub.set(same, field.value());
            else otherToHub(name, field, hub, losses);
        }
        formatToHub(config, hub, losses);
    }

    private static void otherToHub(String name, Given field, ObjectNode hub, Losses losses) {
        switch (name) {
            case "responseMimeType", "responseSchema", "responseJsonSchema" -> {}
            case "logprobs" -> hub.set("top_logprobs", field.value());
            case "thinkingConfig" -> GeminiThinking.toHub(field, hub);
            case "responseModalities" -> modalitiesToHub(field, losses);
            default ->
                    hub.withObjectProperty("extra_content")
                            .withObjectProperty("google")
                            .withObjectProperty("generationConfig")
                            .set(name, field.value());
        }
    }

    private static void modalitiesToHub(Given modalities, Losses losses) {
        for (Given modality : modalities.list()) {
            if (!modality.required().equalsIgnoreCase("text")) {
                throw losses.refused(modality.path(), "the answer would be text only");
            }
        }
    }

    private static void formatToHub(Given config, ObjectNode hub, Losses losses) {
        Given type = config.at("responseMimeType");
        Given plain = config.at("responseJsonSchema");
        Given own = config.at("responseSchema");
        String asked = type.text().orElse(plain.isPresent() || own.isPresent() ? JSON : "text/plain");
        if (asked.equals("text/plain")) return;
        if (!asked.equals(JSON)) throw losses.refused(type.path(), "text and JSON are what can be asked for");
        ObjectNode format = hub.putObject("response_format");
        if (plain.isAbsent() && own.isAbsent()) {
            format.put("type", "json_object");
            return;
        }
        ObjectNode schema = plain.isPresent() ? plain.object() : GeminiSchema.toHub(own.object());
        format.put("type", "json_schema").putObject("json_schema").put("name", "answer").set("schema", schema);
    }

    /// The `generationConfig` for a request of the hub; without members when it asks for nothing.
    static ObjectNode fromHub(Given hub, GeminiModel model, Losses losses) {
        ObjectNode config = JsonNodeFactory.instance.objectNode();
        for (Given field : hub.members()) {
            String name = HUB.get(field.name());
            if (name != null && !name.equals("stopSequences")) config.set(name, field.value());
        }
        clamp(hub.at("temperature"), 2).ifPresent(number -> config.put("temperature", number));
        clamp(hub.at("top_p"), 1).ifPresent(number -> config.put("topP", number));
        hub.at("max_tokens")
                .count()
                .ifPresent(count -> {
                    if (!config.has("maxOutputTokens")) config.put("maxOutputTokens", count);
                });
        if (hub.at("top_logprobs").isPresent()) config.set("logprobs", hub.at("top_logprobs").value());
        ArrayNode stops = JsonNodeFactory.instance.arrayNode();
        for (Given stop : hub.at("stop").oneOrMany()) {
            if (!stop.required().isEmpty()) stops.add(stop.required());
        }
        if (!stops.isEmpty()) config.set("stopSequences", stops);
        formatFromHub(hub.at("response_format"), config);
        GeminiThinking.fromHub(Reasoning.of(hub), model, config, losses);
        return config;
    }

    /// Seed 002: a number out of range becomes the end of the range; empty when it is in it.
    private static Optional<BigDecimal> clamp(Given field, int most) {
        BigDecimal max = BigDecimal.valueOf(most);
        return field.number()
                .filter(number -> number.signum() < 0 || number.compareTo(max) > 0)
                .map(number -> number.max(BigDecimal.ZERO).min(max));
    }

    private static void formatFromHub(Given format, ObjectNode config) {
        switch (format.at("type").text().orElse("text").toLowerCase(Locale.ROOT)) {
            case "text" -> {}
            case "json_object" -> config.put("responseMimeType", JSON);
            case "json_schema" -> {
                config.put("responseMimeType", JSON);
                Given schema = format.at("json_schema").at("schema");
                if (schema.isPresent()) config.set("responseJsonSchema", schema.object());
            }
            default -> throw format.at("type").wrong("json_object, json_schema or text");
        }
    }
}
