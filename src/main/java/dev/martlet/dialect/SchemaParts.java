package dev.martlet.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.Map;
import java.util.function.Function;

/// Takes a change of one schema to the schemas inside it.
final class SchemaParts {
    private SchemaParts() {}

    /// A keyword's value that is a schema, or a list of them; anything else stays.
    static JsonNode inner(JsonNode value, Function<ObjectNode, ObjectNode> change) {
        if (value instanceof ObjectNode object) return change.apply(object);
        if (!(value instanceof ArrayNode array)) return value;
        ArrayNode inner = JsonNodeFactory.instance.arrayNode();
        for (JsonNode element : array) inner.add(inner(element, change));
        return inner;
    }

    /// A keyword's value that has schemas by name, such as `properties`.
    static JsonNode each(JsonNode value, Function<ObjectNode, ObjectNode> change) {
        if (!(value instanceof ObjectNode object)) return value;
        ObjectNode each = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            each.set(member.getKey(), inner(member.getValue(), change));
        }
        return each;
    }
}
