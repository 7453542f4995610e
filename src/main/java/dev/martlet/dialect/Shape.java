package dev.martlet.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.Optional;

/// What a part of an answer has to be, so that something can be made of it.
final class Shape {
    private Shape() {}

    /// @param name of the part, for the message
    static ObjectNode object(JsonNode part, String name) throws Garbled {
        if (part instanceof ObjectNode object) return object;
        throw new Garbled(name + " is no object");
    }

    static ArrayNode array(JsonNode part, String name) throws Garbled {
        if (part instanceof ArrayNode array) return array;
        throw new Garbled(name + " is no array");
    }

    static String text(JsonNode part, String name) throws Garbled {
        if (part.isTextual()) return part.asText();
        throw new Garbled(name + " is no text");
    }

    /// The text of a part that may be missing or `null`; empty then.
    static Optional<String> said(JsonNode part, String name) throws Garbled {
        return part.isMissingNode() || part.isNull() ? Optional.empty() : Optional.of(text(part, name));
    }

    /// The text of a part, if it is one and says something.
    static Optional<String> some(JsonNode part) {
        return Optional.of(part.asText("")).filter(text -> part.isTextual() && !text.isEmpty());
    }
}
