package dev.martlet.dialect;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.HashSet;
import java.util.Set;

/// JSON schemas as OpenAI takes them.
final class OpenAiSchema {
    private OpenAiSchema() {}

    /// Whether an answer can be bound to it strictly: every object names all its members as required, and allows no others
    /// (platform.openai.com, "Structured outputs", supported schemas).
    static boolean isStrict(JsonNode schema) {
        JsonNode properties = schema.path("properties");
        boolean object = properties.isObject() || schema.path("type").asText().equals("object");
        if (object
                && (!schema.path("additionalProperties").isBoolean()
                        || schema.path("additionalProperties").asBoolean())) {
            return false;
        }
        Set<String> required = new HashSet<>();
        for (JsonNode name : schema.path("required")) required.add(name.asText());
        for (var property : properties.properties()) {
            if (!required.contains(property.getKey()) || !isStrict(property.getValue())) return false;
        }
        for (JsonNode definition : schema.path("$defs")) if (!isStrict(definition)) return false;
        for (JsonNode one : schema.path("anyOf")) if (!isStrict(one)) return false;
        return schema.path("items").isMissingNode() || isStrict(schema.path("items"));
    }
}
