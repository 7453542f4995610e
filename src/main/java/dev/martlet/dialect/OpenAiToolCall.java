package dev.martlet.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.Map;
import java.util.Set;

/// A tool call of a stream as it grows.
final class OpenAiToolCall implements CallPieces.Growing {
    private static final String ARGUMENTS = "arguments";

    private final CallMark mark;
    private final Pieces call = new Pieces(Set.of());
    private final Pieces function = new Pieces(Set.of(ARGUMENTS));
    private final Pieces custom = new Pieces(Set.of("input"));

    OpenAiToolCall(CallMark mark) {
        this.mark = mark;
    }

    @Override
    public void add(ObjectNode piece) {
        for (Map.Entry<String, JsonNode> member : piece.properties()) add(member.getKey(), member.getValue());
    }

    private void add(String name, JsonNode value) {
        switch (name) {
            case "index", "id" -> {}
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

    ObjectNode whole() {
        ObjectNode whole = JsonNodeFactory.instance.objectNode().put("id", mark.id());
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
