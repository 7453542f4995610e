package dev.martlet.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// What a stream says as text, or in parts, each with a `type`: the content of Mistral's thinking models, the reasoning
/// details of OpenRouter. A part goes on as long as what comes has the type, and the index, of the one before.
final class OpenAiParts {
    private static final Set<String> GROWING = Set.of("text", "thinking", "reasoning.text", "reasoning.summary");

    private final StringBuilder text = new StringBuilder();
    private final List<Part> parts = new ArrayList<>(0);
    private boolean said;

    /// @param value a text, a list of parts, or nothing
    void add(JsonNode value) {
        said |= value.isTextual();
        if (value.isTextual() && parts.isEmpty()) text.append(value.textValue());
        else if (value.isTextual()) addText(value.textValue());
        if (value.isArray() && !value.isEmpty()) addAll(value);
    }

    private void addAll(JsonNode list) {
        if (parts.isEmpty()) addText(text.toString());
        for (JsonNode element : list) {
            if (element instanceof ObjectNode part) addPart(part);
            else if (element.isTextual()) addText(element.textValue());
        }
    }

    private void addText(String more) {
        if (!more.isEmpty()) addPart(JsonNodeFactory.instance.objectNode().put("type", "text").put("text", more));
    }

    private void addPart(ObjectNode piece) {
        boolean goesOn = !parts.isEmpty() && parts.getLast().goesOn(piece);
        if (!goesOn) parts.add(new Part(piece));
        parts.getLast().add(piece);
    }

    /// Null when nothing was said.
    JsonNode whole() {
        if (parts.isEmpty()) {
            return said ? JsonNodeFactory.instance.textNode(text.toString()) : JsonNodeFactory.instance.nullNode();
        }
        ArrayNode whole = JsonNodeFactory.instance.arrayNode();
        parts.forEach(part -> whole.add(part.whole()));
        return whole;
    }

    private static final class Part {
        private static final String THINKING = "thinking";

        private final JsonNode type;
        private final JsonNode index;
        private final Pieces members = new Pieces(Set.of("text", "summary", THINKING));
        private final OpenAiParts thinking = new OpenAiParts();

        Part(ObjectNode first) {
            this.type = first.path("type");
            this.index = first.path("index");
        }

        boolean goesOn(ObjectNode piece) {
            return GROWING.contains(type.asText())
                    && type.equals(piece.path("type"))
                    && index.equals(piece.path("index"));
        }

        void add(ObjectNode piece) {
            for (var member : piece.properties()) {
                boolean inParts = member.getKey().equals(THINKING) && member.getValue().isArray();
                if (inParts) thinking.add(member.getValue());
                else members.add(member.getKey(), member.getValue());
            }
        }

        ObjectNode whole() {
            ObjectNode whole = members.whole();
            JsonNode thoughts = thinking.whole();
            if (thoughts.isArray()) whole.set(THINKING, thoughts);
            return whole;
        }
    }
}
