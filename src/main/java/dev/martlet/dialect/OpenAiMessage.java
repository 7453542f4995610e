package dev.martlet.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.Map;
import java.util.Set;

/// The message of one choice, from its deltas.
final class OpenAiMessage {
    private static final Set<String> TEXTS = Set.of("refusal", "reasoning", "reasoning_content", "thinking");

    private final Pieces members = new Pieces(TEXTS);
    private final Pieces functionCall = new Pieces(Set.of("arguments"));
    private final OpenAiParts content = new OpenAiParts();
    private final OpenAiParts details = new OpenAiParts();
    private final OpenAiAudio audio = new OpenAiAudio();
    private final CallPieces<OpenAiToolCall> calls = new CallPieces<>(OpenAiToolCall::new);
    private boolean begun;

    void add(ObjectNode delta) throws Garbled {
        begun = true;
        for (Map.Entry<String, JsonNode> member : delta.properties()) add(member.getKey(), member.getValue());
    }

    private void add(String name, JsonNode value) throws Garbled {
        switch (name) {
            case "content" -> content.add(value);
            case "reasoning_details" -> details.add(value);
            case "tool_calls" -> calls.take(value);
            case "function_call" -> {
                if (value instanceof ObjectNode piece) functionCall.add(piece);
            }
            case "audio" -> {
                if (value instanceof ObjectNode piece) audio.add(piece);
            }
            default -> members.add(name, value);
        }
    }

    /// Whether there was a delta.
    boolean begun() {
        return begun;
    }

    /// @param told what was said beside the deltas: counts where no delta said anything
    ObjectNode whole(ObjectNode told) {
        ObjectNode whole = JsonNodeFactory.instance.objectNode();
        whole.put("role", "assistant");
        whole.set("content", content.whole());
        whole.putNull("refusal"); // there in every whole answer
        whole.setAll(members.whole());
        if (Pieces.saysNothing(whole.path("role"))) whole.put("role", "assistant");
        put(whole, "reasoning_details", details.whole());
        put(whole, "function_call", functionCall.whole());
        put(whole, "audio", audio.whole());
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (OpenAiToolCall call : calls.calls()) list.add(call.whole());
        put(whole, "tool_calls", list);
        for (Map.Entry<String, JsonNode> member : told.properties()) {
            boolean said = whole.has(member.getKey()) && !Pieces.saysNothing(whole.path(member.getKey()));
            if (!said && !Pieces.saysNothing(member.getValue())) whole.set(member.getKey(), member.getValue());
        }
        return whole;
    }

    private static void put(ObjectNode whole, String name, JsonNode value) {
        if (!Pieces.saysNothing(value)) whole.set(name, value);
    }
}
