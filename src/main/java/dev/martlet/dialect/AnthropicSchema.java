package dev.martlet.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.HashSet;
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

    /// What no answer can be bound to.
    private static final Set<String> UNBOUND =
            Set.of(
                    "oneOf",
                    "not",
                    "if",
                    "patternProperties",
                    "propertyNames",
                    "dependentSchemas",
                    "prefixItems",
                    "contains");

    /// Members that hold values, and no schemas.
    private static final Set<String> VALUES = Set.of("const", "default", "enum", "examples", "required");

    /// Members that hold schemas under names of the caller's.
    private static final Set<String> NAMED = Set.of("properties", "$defs", "definitions");

    private static final String REF = "$ref";

    private AnthropicSchema() {}

    /// The schema of what a tool takes, which has to be an object.
    static ObjectNode input(Given parameters) {
        ObjectNode schema = parameters.object().deepCopy();
        if (!schema.has("type")) schema.put("type", "object");
        if (!schema.has("properties") && schema.size() == 1) schema.putObject("properties");
        return schema;
    }

    /// Whether an answer can be bound to it: it names all members that an object may have, and does not contain itself.
    static boolean binds(ObjectNode schema) {
        Set<String> refs = new HashSet<>();
        return isClosed(schema, refs) && refs.stream().noneMatch(ref -> leadsTo(ref, ref, schema, new HashSet<>()));
    }

    /// @param refs takes what it refers to
    private static boolean isClosed(JsonNode schema, Set<String> refs) {
        JsonNode others = schema.path("additionalProperties");
        boolean named = !schema.path("properties").isEmpty() || (others.isBoolean() && !others.booleanValue());
        if (others.isObject() || (schema.path("type").asText().equals("object") && !named)) return false;
        if (schema.path(REF).isTextual()) refs.add(schema.path(REF).textValue());
        for (Map.Entry<String, JsonNode> member : schema.properties()) {
            if (UNBOUND.contains(member.getKey())) return false;
            if (VALUES.contains(member.getKey())) continue;
            boolean one = member.getValue().isObject() && !NAMED.contains(member.getKey());
            if (one && !isClosed(member.getValue(), refs)) return false;
            if (one) continue;
            for (JsonNode inner : member.getValue()) if (!isClosed(inner, refs)) return false;
        }
        return true;
    }

    private static boolean leadsTo(String ref, String goal, ObjectNode root, Set<String> seen) {
        if (!ref.startsWith("#/")) return true;
        Set<String> further = new HashSet<>();
        isClosed(root.at(ref.substring(1)), further);
        if (further.contains(goal)) return true;
        for (String next : further) {
            if (seen.add(next) && leadsTo(next, goal, root, seen)) return true;
        }
        return false;
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
            else bound.set(name, part(name, value));
        }
        if (schema.path("type").asText().equals("object") || schema.has("properties"))
            bound.put("additionalProperties", false);
        if (told.isEmpty()) return bound;
        return bound.put("description", (schema.path("description").asText("") + " {" + told + "}").strip());
    }

    private static JsonNode part(String name, JsonNode value) {
        if (VALUES.contains(name)) return value;
        if (NAMED.contains(name)) return SchemaParts.each(value, AnthropicSchema::bound);
        return SchemaParts.inner(value, AnthropicSchema::bound);
    }
}
