package dev.martlet.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.Map;
import java.util.Set;

/// JSON schemas as Anthropic takes them (platform.claude.com, "Structured outputs", JSON Schema limitations).
final class AnthropicSchema {
    /// What a bound answer is not checked against: the model reads it in the description instead.
    private static final Set<String> TOLD =
            Set.of(
                    "minimum",
                    "maximum",
                    "exclusiveMinimum",
                    "exclusiveMaximum",
                    "multipleOf",
                    "minLength",
                    "maxLength",
                    "maxItems",
                    "uniqueItems",
                    "minProperties",
                    "maxProperties");

    private static final Set<String> MAPS = Set.of("properties", "$defs", "definitions");

    private AnthropicSchema() {}

    /// The schema of what a tool takes, which has to be an object.
    static ObjectNode input(Given parameters) {
        ObjectNode schema = parameters.object().deepCopy();
        if (!schema.has("type")) schema.put("type", "object");
        if (!schema.has("properties") && schema.size() == 1) schema.putObject("properties");
        return schema;
    }

    /// The schema that an answer can be bound to.
    static ObjectNode bound(ObjectNode schema) {
        ObjectNode bound = JsonNodeFactory.instance.objectNode();
        StringBuilder told = new StringBuilder();
        for (Map.Entry<String, JsonNode> member : schema.properties()) {
            String name = member.getKey();
            JsonNode value = member.getValue();
            boolean tooMany = name.equals("minItems") && value.asInt() > 1;
            if (tooMany || TOLD.contains(name))
                told.append(told.isEmpty() ? "" : ", ").append(name).append(": ").append(value);
            else bound.set(name, MAPS.contains(name) ? each(value) : inner(value));
        }
        if (isObject(schema)) bound.put("additionalProperties", false);
        if (!told.isEmpty()) {
            String before = schema.path("description").asText("");
            bound.put("description", (before + " {" + told + "}").strip());
        }
        return bound;
    }

    private static boolean isObject(ObjectNode schema) {
        return schema.path("type").asText().equals("object") || schema.has("properties");
    }

    private static JsonNode inner(JsonNode value) {
        if (value instanceof ObjectNode object) return bound(object);
        if (!(value instanceof ArrayNode array)) return value;
        ArrayNode inner = JsonNodeFactory.instance.arrayNode();
        for (JsonNode element : array) inner.add(inner(element));
        return inner;
    }

    /// Of an object whose members are schemas under names of the caller's.
    private static JsonNode each(JsonNode value) {
        if (!(value instanceof ObjectNode object)) return value;
        ObjectNode each = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> member : object.properties())
            each.set(member.getKey(), inner(member.getValue()));
        return each;
    }
}
