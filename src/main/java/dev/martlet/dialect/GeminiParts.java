package dev.martlet.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The parts of one candidate's content as they become fields of a message of the hub, or of its deltas one after the other.
///
/// The hub has thoughts, then one text, then calls of functions. What is said in another order, or is something else, is
/// beyond it: then the parts accompany the message whole, under `extra_content.google.parts`.
final class GeminiParts {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final Set<String> TEXT = Set.of("text", "thought", "thoughtSignature");
    private static final Set<String> CALL = Set.of("functionCall", "thoughtSignature");
    private static final Set<String> CALL_INSIDE = Set.of("id", "name", "args");

    private final String answer;
    private final int candidate;
    private final boolean stream;
    private int calls;
    private int images;
    private Stage stage = Stage.THOUGHTS;

    /// How far a message has come.
    private enum Stage {
        THOUGHTS,
        TEXT,
        /// Behind a text that is signed no other can be told apart from it.
        SIGNED,
        CALLS
    }

    /// @param answer the id of the answer, from which ids of calls are made
    /// @param stream whether there may be more deltas than one
    GeminiParts(String answer, int candidate, boolean stream) {
        this.answer = answer;
        this.candidate = candidate;
        this.stream = stream;
    }

    boolean haveCalls() {
        return calls > 0;
    }

    /// Says in a message or a delta what the hub has words for.
    ///
    /// @return whether that is all, and the parts can be made of it again
    boolean say(ArrayNode parts, ObjectNode message) throws Garbled {
        List<String> thoughts = new ArrayList<>(1);
        List<String> texts = new ArrayList<>(1);
        boolean all = true;
        for (JsonNode part : parts) {
            all &= sayable(Shape.object(part, "a part"));
            JsonNode text = part.path("text");
            if (text.isTextual()) (part.path("thought").asBoolean() ? thoughts : texts).add(text.textValue());
            if (part.path("functionCall") instanceof ObjectNode call) add(message, "tool_calls", call(call, part));
            else sign(part, message);
            if (part.path("inlineData") instanceof ObjectNode data)
                image(data).ifPresent(one -> add(message, "images", one));
        }
        put(message, "reasoning_content", thoughts);
        put(message, "content", texts);
        return all;
    }

    private static void put(ObjectNode message, String name, List<String> pieces) {
        String text = pieces.size() == 1 ? pieces.getFirst() : String.join("", pieces);
        if (!text.isEmpty()) message.put(name, text);
    }

    /// Whether the hub can say this part where it stands, behind all those before it.
    private boolean sayable(ObjectNode part) {
        if (part.path("functionCall") instanceof ObjectNode call) {
            stage = Stage.CALLS;
            return hasOnly(part, CALL) && hasOnly(call, CALL_INSIDE);
        }
        if (!part.path("text").isTextual() || !hasOnly(part, TEXT)) return false;
        boolean signed = part.has("thoughtSignature");
        if (part.path("thought").asBoolean()) return stage == Stage.THOUGHTS && !signed;
        if (part.path("text").textValue().isEmpty() && !signed) return true;
        boolean usual = stage.compareTo(Stage.SIGNED) < 0;
        if (usual) stage = signed ? Stage.SIGNED : Stage.TEXT;
        return usual;
    }

    private static boolean hasOnly(ObjectNode object, Set<String> names) {
        for (var member : object.properties()) {
            if (!names.contains(member.getKey())) return false;
        }
        return true;
    }

    private ObjectNode call(ObjectNode call, JsonNode part) throws Garbled {
        int index = calls++;
        ObjectNode said = NODES.objectNode();
        if (stream) said.put("index", index);
        said.put("id", Shape.some(call.path("id")).orElseGet(() -> GeminiCallId.made(answer, candidate, index)));
        said.put("type", "function");
        JsonNode arguments = call.path("args").isObject() ? call.path("args") : NODES.objectNode();
        said.putObject("function")
                .put("name", Shape.text(call.path("name"), "the name of a function call"))
                .put("arguments", ToolInput.written(arguments));
        sign(part, said);
        return said;
    }

    private static void sign(JsonNode part, ObjectNode said) {
        JsonNode signature = part.path("thoughtSignature");
        if (signature.isTextual()) google(said).set("thought_signature", signature);
    }

    /// What OpenRouter has images in, and many read.
    private Optional<ObjectNode> image(ObjectNode data) {
        String type = data.path("mimeType").asText();
        if (!type.startsWith("image/")) return Optional.empty();
        ObjectNode image = NODES.objectNode().put("index", images++).put("type", "image_url");
        image.putObject("image_url").put("url", "data:" + type + ";base64," + data.path("data").asText());
        return Optional.of(image);
    }

    private static void add(ObjectNode message, String list, ObjectNode one) {
        ArrayNode array = message.path(list) instanceof ArrayNode there ? there : message.putArray(list);
        array.add(one);
    }

    /// What the hub has no word for, with whatever it belongs to.
    static ObjectNode google(ObjectNode of) {
        ObjectNode extra = of.path("extra_content") instanceof ObjectNode there ? there : of.putObject("extra_content");
        return extra.path("google") instanceof ObjectNode there ? there : extra.putObject("google");
    }
}
