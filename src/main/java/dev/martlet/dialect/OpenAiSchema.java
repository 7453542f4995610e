package dev.martlet.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// JSON schemas as OpenAI takes them.
final class OpenAiSchema {
    private OpenAiSchema() {}

    /// The schema in a `json_schema`, with what is said of it as a whole.
    static ObjectNode described(Given format) {
        ObjectNode schema = format.at("schema").object();
        Optional<String> description = format.at("description").text();
        if (description.isEmpty() || schema.has("description")) return schema;
        return JsonNodeFactory.instance.objectNode().put("description", description.get()).setAll(schema);
    }

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
