package dev.martlet.dialect;

import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.Locale;
import java.util.Optional;

/// The form that an answer is bound to, there and back.
final class GeminiFormat {
    private static final String JSON = "application/json";
    private static final String JSON_ONLY = "Unless you call a function, answer with one JSON object and nothing else.";

    private GeminiFormat() {}

    static void toHub(Given config, ObjectNode hub, Losses losses) {
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

    /// Binds the answer; what a model is to be told in its place that cannot be bound.
    static Optional<String> fromHub(Given hub, GeminiModel model, ObjectNode config, Losses losses) {
        Given format = hub.at("response_format");
        Given said = format.at("json_schema");
        Optional<ObjectNode> schema = Optional.empty();
        switch (format.at("type").text().orElse("text").toLowerCase(Locale.ROOT)) {
            case "text" -> {
                return Optional.empty();
            }
            case "json_object" -> {}
            case "json_schema" ->
                    schema =
                            Optional.of(said.at("schema"))
                                    .filter(Given::isPresent)
                                    .map(_ -> OpenAiSchema.described(said));
            default -> throw format.at("type").wrong("json_object, json_schema or text");
        }
        if (GeminiTools.mayBeCalled(hub) && !model.combinesTools()) {
            if (said.at("strict").isTrue()) losses.drop(said.at("strict").path());
            return Optional.of(
                    JSON_ONLY + schema.map(one -> " It has to be valid under this JSON schema:\n" + one).orElse(""));
        }
        config.put("responseMimeType", JSON);
        schema.ifPresent(one -> config.set("responseJsonSchema", one));
        return Optional.empty();
    }
}
