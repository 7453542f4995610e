package dev.martlet.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

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

    /// The formats of texts that a bound answer can be checked against.
    private static final Set<String> FORMATS =
            Set.of("date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid");

    /// What patterns may not have: looking around, referring back, boundaries of words.
    private static final Pattern ELABORATE = Pattern.compile("\\(\\?(?!:)|\\\\[1-9bBkpP]");

    /// Members that hold values, and no schemas.
    private static final Set<String> VALUES = Set.of("const", "default", "enum", "examples", "required");

    /// Members that hold schemas under names of the caller's.
    private static final Set<String> NAMED = Set.of("properties", "$defs", "definitions");

    private static final String REF = "$ref";
    private static final int REFS_MAX = 200;

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
        if (!parts(schema).stream().allMatch(AnthropicSchema::isClosed)) return false;
        Map<String, Set<String>> refs = new HashMap<>();
        for (String ref : refs(schema)) {
            if (!ref.startsWith("#/") || refs.size() == REFS_MAX) return false;
            refs.put(ref, refs(schema.at(ref.substring(1))));
        }
        return refs.keySet().stream().noneMatch(ref -> leadsTo(ref, ref, refs, new HashSet<>()));
    }

    private static boolean isClosed(ObjectNode part) {
        JsonNode others = part.path("additionalProperties");
        boolean named = !part.path("properties").isEmpty() || (others.isBoolean() && !others.booleanValue());
        if (others.isObject() || (part.path("type").asText().equals("object") && !named)) return false;
        for (JsonNode value : part.path("enum")) if (value.isContainerNode()) return false;
        for (JsonNode inner : part.path("allOf")) if (inner.has(REF)) return false;
        return part.properties().stream().noneMatch(member -> UNBOUND.contains(member.getKey()));
    }

    private static boolean leadsTo(String ref, String goal, Map<String, Set<String>> refs, Set<String> seen) {
        Set<String> further = refs.getOrDefault(ref, Set.of());
        if (further.contains(goal)) return true;
        return further.stream().anyMatch(next -> seen.add(next) && leadsTo(next, goal, refs, seen));
    }

    private static Set<String> refs(JsonNode schema) {
        return parts(schema).stream()
                .map(part -> part.path(REF))
                .filter(JsonNode::isTextual)
                .map(JsonNode::textValue)
                .collect(Collectors.toSet());
    }

    /// A schema and all schemas in it.
    static List<ObjectNode> parts(JsonNode schema) {
        List<ObjectNode> parts = new ArrayList<>();
        collect(schema, parts);
        return parts;
    }

    private static void collect(JsonNode value, List<ObjectNode> parts) {
        if (value.isArray()) value.forEach(inner -> collect(inner, parts));
        if (!(value instanceof ObjectNode part)) return;
        parts.add(part);
        for (Map.Entry<String, JsonNode> member : part.properties()) {
            if (NAMED.contains(member.getKey())) member.getValue().forEach(inner -> collect(inner, parts));
            else if (!VALUES.contains(member.getKey())) collect(member.getValue(), parts);
        }
    }

    /// The schema that an answer can be bound to.
    static ObjectNode bound(ObjectNode schema) {
        ObjectNode bound = JsonNodeFactory.instance.objectNode();
        StringBuilder told = new StringBuilder();
        for (Map.Entry<String, JsonNode> member : schema.properties()) {
            String name = member.getKey();
            JsonNode value = member.getValue();
            if (isTold(name, value)) told.append(told.isEmpty() ? "" : ", ").append(name).append(": ").append(value);
            else bound.set(name, part(name, value));
        }
        if (schema.path("type").asText().equals("object") || schema.has("properties"))
            bound.put("additionalProperties", false);
        if (told.isEmpty()) return bound;
        return bound.put("description", (schema.path("description").asText("") + " {" + told + "}").strip());
    }

    private static boolean isTold(String name, JsonNode value) {
        return switch (name) {
            case "minItems" -> value.asInt() > 1;
            case "format" -> !FORMATS.contains(value.asText());
            case "pattern" -> ELABORATE.matcher(value.asText()).find();
            default -> TOLD.contains(name);
        };
    }

    private static JsonNode part(String name, JsonNode value) {
        if (VALUES.contains(name)) return value;
        if (NAMED.contains(name)) return SchemaParts.each(value, AnthropicSchema::bound);
        return SchemaParts.inner(value, AnthropicSchema::bound);
    }
}
