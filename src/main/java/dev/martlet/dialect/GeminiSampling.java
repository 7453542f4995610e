package dev.martlet.dialect;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// `generationConfig`, there and back.
final class GeminiSampling {
    /// OpenAI's 2 is just out of Google's range.
    private static final BigDecimal PENALTY_MAX = new BigDecimal("1.99");

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

    private static final int STOPS_MAX = 5;
    private static final List<String> PENALTIES = List.of("presencePenalty", "frequencyPenalty");

    /// Those of which not every value of the hub is one of Google's.
    private static final Set<String> BOUND =
            Set.of("temperature", "topP", "topK", "stopSequences", "seed", "presencePenalty", "frequencyPenalty");

    private GeminiSampling() {}

    static void toHub(Given config, ObjectNode hub, Losses losses) {
        for (Given field : config.members()) {
            String name = Given.camel(field.name());
            String same = SAME.get(name);
            if (same != null) hub.set(same, field.value());
            else otherToHub(name, field, hub, losses);
        }
        GeminiFormat.toHub(config, hub, losses);
    }

    private static void otherToHub(String name, Given field, ObjectNode hub, Losses losses) {
        switch (name) {
            case "responseMimeType", "responseSchema", "responseJsonSchema" -> {} // see GeminiFormat
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

    /// The `generationConfig` for a request of the hub; without members when it asks for nothing.
    static ObjectNode fromHub(Given hub, GeminiModel model, Losses losses) {
        ObjectNode config = JsonNodeFactory.instance.objectNode();
        for (Given field : hub.members()) {
            String name = HUB.get(field.name());
            if (name != null && !BOUND.contains(name)) config.set(name, field.value());
        }
        hub.at("temperature").number().ifPresent(number -> config.put("temperature", clamped(number, 2)));
        hub.at("top_p").number().ifPresent(number -> config.put("topP", clamped(number, 1)));
        hub.at("top_k").count().filter(count -> count > 0).ifPresent(count -> config.put("topK", count));
        hub.at("seed").number().ifPresent(number -> config.put("seed", number.intValue())); // it has 32 bits there
        penaltiesFromHub(hub, model, config, losses);
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
        if (stops.size() > STOPS_MAX) throw losses.refused("stop", "it stops at " + STOPS_MAX + " texts at most");
        if (!stops.isEmpty()) config.set("stopSequences", stops);
        int answers = hub.at("n").count().orElse(1);
        if (answers > model.answersMax())
            throw losses.refused("n", "it gives " + model.answersMax() + " answers at most");
        modalitiesFromHub(hub.at("modalities"), config, losses);
        GeminiThinking.fromHub(Reasoning.of(hub), model, config, losses);
        return config;
    }

    /// Models that know no penalties refuse the very words.
    private static void penaltiesFromHub(Given hub, GeminiModel model, ObjectNode config, Losses losses) {
        for (String name : PENALTIES) {
            Given field = hub.at(Given.snake(name));
            Optional<BigDecimal> penalty = field.number().filter(number -> number.signum() != 0);
            if (penalty.isEmpty()) continue;
            if (model.takesPenalties()) config.put(name, penalty.get().min(PENALTY_MAX));
            else losses.drop(field.path());
        }
    }

    /// Seed 002: a number out of range becomes the end of the range.
    private static BigDecimal clamped(BigDecimal number, int most) {
        return number.max(BigDecimal.ZERO).min(BigDecimal.valueOf(most));
    }

    /// Text is what comes anyway.
    private static void modalitiesFromHub(Given modalities, ObjectNode config, Losses losses) {
        if (modalities.list().stream().allMatch(modality -> modality.says("text"))) return;
        ArrayNode asked = config.putArray("responseModalities");
        for (Given modality : modalities.list()) {
            switch (modality.required()) {
                case "text", "image" -> asked.add(modality.required().toUpperCase(Locale.ROOT));
                default -> throw losses.refused(modality.path(), "it answers with text and images only");
            }
        }
    }
}
