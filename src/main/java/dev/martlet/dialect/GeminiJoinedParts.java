package dev.martlet.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;

/// The parts of one candidate's content that came event by event: a text that goes on in the next event is one part.
final class GeminiJoinedParts {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final Kept kept;
    private final List<JsonNode> parts = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private boolean open;
    private boolean thought;

    GeminiJoinedParts(Kept kept) {
        this.kept = kept;
    }

    /// Takes the parts of the next event. Only the first can go on with the text that an event before it left off.
    void add(ArrayNode written) throws Garbled {
        for (int i = 0; i < written.size(); i++) {
            ObjectNode part = Shape.object(written.get(i), "a part");
            boolean isText = isText(part);
            kept.add(isText ? part.path("text") : part);
            boolean goesOn = i == 0 && open && isText && part.has("thought") == thought;
            if (!goesOn) close();
            if (isText) addText(part);
            else parts.add(part);
        }
    }

    /// Whether it is a text and nothing else but signed.
    private static boolean isText(ObjectNode part) {
        if (!part.path("text").isTextual()) return false;
        boolean signed = part.path("thoughtSignature").isTextual();
        boolean thought = part.path("thought").asBoolean();
        return part.size() == 1 + (signed ? 1 : 0) + (thought ? 1 : 0);
    }

    private void addText(ObjectNode part) {
        open = true;
        thought = part.has("thought");
        text.append(part.path("text").textValue());
        if (!part.has("thoughtSignature")) return;
        parts.add(opened().set("thoughtSignature", part.path("thoughtSignature")));
        forget();
    }

    private void close() {
        if (open) parts.add(opened());
        forget();
    }

    private void forget() {
        open = false;
        text.setLength(0);
    }

    private ObjectNode opened() {
        ObjectNode part = NODES.objectNode().put("text", text.toString());
        return thought ? part.put("thought", true) : part;
    }

    /// What was said in all parts so far, thoughts left out.
    String said() {
        StringBuilder said = new StringBuilder();
        for (JsonNode part : whole()) {
            if (!part.path("thought").asBoolean()) said.append(part.path("text").asText(""));
        }
        return said.toString();
    }

    /// All parts so far.
    ArrayNode whole() {
        ArrayNode whole = NODES.arrayNode().addAll(parts);
        return open ? whole.add(opened()) : whole;
    }
}
