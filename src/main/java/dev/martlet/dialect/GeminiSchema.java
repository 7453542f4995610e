package dev.martlet.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Google's own schemas, which are those of OpenAPI 3.0 with other names for the types, as JSON schemas. The way back is not
/// needed: Google takes JSON schemas under other names (`parametersJsonSchema`, `responseJsonSchema`).
final class GeminiSchema {
    /// In the order of Google's numbers for them, from 1.
    private static final List<String> TYPES =
            List.of("string", "number", "integer", "boolean", "array", "object", "null");

    /// Whole numbers of 64 bits, which are strings in the JSON of protocol buffers.
    private static final Set<String> COUNTS =
            Set.of("minItems", "maxItems", "minLength", "maxLength", "minProperties", "maxProperties");

    private GeminiSchema() {}

    static ObjectNode toHub(ObjectNode schema) {
        ObjectNode hub = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> member : schema.properties()) {
            String name = Given.camel(member.getKey());
            JsonNode value = member.getValue();
            switch (name) {
                case "type" -> hub.set("type", type(value));
                case "nullable", "propertyOrdering" -> {}
                case "properties" -> hub.set("properties", SchemaParts.each(value, GeminiSchema::toHub));
                case "defs" -> hub.set("$defs", SchemaParts.each(value, GeminiSchema::toHub));
                case "ref" -> hub.set("$ref", value);
                case "enum", "default", "required" -> hub.set(name, value);
                case "example" -> hub.putArray("examples").add(value);
                default ->
                        hub.set(
                                name,
                                COUNTS.contains(name) ? number(value) : SchemaParts.inner(value, GeminiSchema::toHub));
            }
        }
        if (schema.path("nullable").asBoolean()) allowNull(hub);
        return hub;
    }

    private static JsonNode type(JsonNode type) {
        int number = type.isInt() ? type.intValue() : 0;
        if (number > 0 && number <= TYPES.size()) return JsonNodeFactory.instance.textNode(TYPES.get(number - 1));
        return type.isTextual() ? JsonNodeFactory.instance.textNode(type.textValue().toLowerCase(Locale.ROOT)) : type;
    }

    private static void allowNull(ObjectNode hub) {
        JsonNode type = hub.path("type");
        if (type.isTextual()) hub.putArray("type").add(type).add("null");
        if (hub.path("enum") instanceof ArrayNode values) hub.set("enum", values.deepCopy().addNull());
    }

    private static JsonNode number(JsonNode value) {
        if (!value.isTextual() || !value.textValue().matches("\\d{1,18}")) return value;
        return JsonNodeFactory.instance.numberNode(new BigDecimal(value.textValue()));
    }
}
