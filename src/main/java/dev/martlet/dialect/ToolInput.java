package dev.martlet.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.martlet.wire.JsonTree;

import java.util.Optional;

/// The arguments of a tool call: the hub has them as a text, other dialects as an object.
final class ToolInput {
    /// What Anthropic advises for arguments that a model did not bring to their end ("Fine-grained tool streaming").
    private static final String UNREADABLE = "INVALID_JSON";

    private ToolInput() {}

    /// Arguments as an object; such that are none are kept in one, as they are.
    static ObjectNode read(String arguments) {
        if (arguments.isBlank() || saysNull(arguments)) return JsonNodeFactory.instance.objectNode();
        return object(arguments).orElseGet(() -> JsonNodeFactory.instance.objectNode().put(UNREADABLE, arguments));
    }

    /// Some say `null` to a function that has no parameters (Groq).
    static boolean saysNull(String arguments) {
        return arguments.strip().equals("null");
    }

    /// An object as the text of arguments.
    static String written(JsonNode input) {
        JsonNode unreadable = input.path(UNREADABLE);
        boolean kept = input.size() == 1 && unreadable.isTextual() && object(unreadable.asText()).isEmpty();
        return kept ? unreadable.asText() : new String(JsonTree.write(input), UTF_8);
    }

    private static Optional<ObjectNode> object(String arguments) {
        return JsonTree.read(arguments.getBytes(UTF_8))
                .filter(ObjectNode.class::isInstance)
                .map(ObjectNode.class::cast);
    }
}
