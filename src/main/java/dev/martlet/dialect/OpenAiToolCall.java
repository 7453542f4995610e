package dev.martlet.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A tool call of a stream as it grows. OpenAI tells the pieces of one call from those of another by their `index`; others
/// send calls whole, with an id, without an index or with the same one each time (Ollama, vLLM, Gemini).
final class OpenAiToolCall {
    private static final String ARGUMENTS = "arguments";

    private final Optional<Integer> index;
    private final Pieces call = new Pieces(Set.of());
    private final Pieces function = new Pieces(Set.of(ARGUMENTS));
    private final Pieces custom = new Pieces(Set.of("input"));
    private String id = "";

    private OpenAiToolCall(Optional<Integer> index) {
        this.index = index;
    }

    /// The call that a piece belongs to: a new one, where it belongs to none of these.
    static OpenAiToolCall of(List<OpenAiToolCall> calls, ObjectNode piece) {
        Optional<Integer> index = Optional.of(piece.path("index")).filter(JsonNode::isInt).map(JsonNode::intValue);
        String id = piece.path("id").asText("");
        boolean named =
                piece.at("/function/name").asText("").length() + piece.at("/custom/name").asText("").length() > 0;
        for (OpenAiToolCall known : calls.reversed()) {
            boolean otherId = !id.isEmpty() && !known.id.isEmpty() && !known.id.equals(id);
            boolean same =
                    index.isPresent() ? known.index.equals(index) : !named || (!id.isEmpty() && id.equals(known.id));
            if (same && !(otherId && named)) return known;
        }
        OpenAiToolCall made = new OpenAiToolCall(index);
        calls.add(made);
        return made;
    }

    void add(ObjectNode piece) {
        for (Map.Entry<String, JsonNode> member : piece.properties()) add(member.getKey(), member.getValue());
    }

    private void add(String name, JsonNode value) {
        switch (name) {
            case "index" -> {}
            case "id" -> id = id.isEmpty() ? value.asText("") : id;
            case "function" -> value.properties().forEach(member -> addFunction(member.getKey(), member.getValue()));
            case "custom" -> value.properties().forEach(member -> custom.add(member.getKey(), member.getValue()));
            default -> call.add(name, value);
        }
    }

    /// Arguments are a text that holds JSON; some send the JSON itself.
    private void addFunction(String name, JsonNode value) {
        boolean bare = name.equals(ARGUMENTS) && value.isContainerNode();
        function.add(name, bare ? JsonNodeFactory.instance.textNode(value.toString()) : value);
    }

    /// @param place among the calls of its message: whoever answers a call names its id, which some leave out
    ObjectNode whole(int place) {
        ObjectNode whole = JsonNodeFactory.instance.objectNode().put("id", id.isEmpty() ? "call_" + place : id);
        ObjectNode customPart = custom.whole();
        whole.put("type", customPart.isEmpty() ? "function" : "custom");
        ObjectNode rest = call.whole();
        if (Pieces.saysNothing(rest.path("type"))) rest.remove("type");
        whole.setAll(rest);
        if (!customPart.isEmpty()) return whole.set("custom", customPart);
        ObjectNode functionPart = function.whole();
        if (Pieces.saysNothing(functionPart.path(ARGUMENTS))) functionPart.put(ARGUMENTS, "");
        return whole.set("function", functionPart);
    }
}
