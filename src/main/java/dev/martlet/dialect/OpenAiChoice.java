package dev.martlet.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.Map;
import java.util.Set;

/// One choice of a stream as it grows.
final class OpenAiChoice {
    private final Pieces rest = new Pieces(Set.of("text"));
    private final ObjectNode logprobs = JsonNodeFactory.instance.objectNode();
    private final ArrayNode tokens = JsonNodeFactory.instance.arrayNode();

    /// What some say beside the deltas (Perplexity, Writer): their sum so far, or the same once more.
    private final ObjectNode told = JsonNodeFactory.instance.objectNode();

    private final OpenAiMessage message = new OpenAiMessage();

    void add(ObjectNode piece) throws Garbled {
        for (Map.Entry<String, JsonNode> member : piece.properties()) add(member.getKey(), member.getValue());
    }

    private void add(String name, JsonNode value) throws Garbled {
        switch (name) {
            case "index" -> {}
            case "delta" -> addDelta(value);
            case "message" -> value.properties().forEach(member -> tell(member.getKey(), member.getValue()));
            case "logprobs" -> addLogprobs(value);
            case "token_ids" -> value.forEach(tokens::add);
            default -> rest.add(name, value);
        }
    }

    private void addDelta(JsonNode delta) throws Garbled {
        if (delta.isNull()) return;
        if (!(delta instanceof ObjectNode piece)) throw new Garbled("a delta is no object");
        message.add(piece);
    }

    private void tell(String name, JsonNode value) {
        if (!Pieces.saysNothing(value) || !told.has(name)) told.set(name, value);
    }

    /// Lists with an entry for each token: of a chat under `content` and `refusal`, of a text under four names.
    private void addLogprobs(JsonNode piece) {
        rest.add("logprobs", JsonNodeFactory.instance.nullNode()); // its place among the others
        for (Map.Entry<String, JsonNode> member : piece.properties()) {
            boolean goesOn = member.getValue().isArray() && logprobs.path(member.getKey()).isArray();
            if (goesOn) member.getValue().forEach(logprobs.withArray(member.getKey())::add);
            else Pieces.join(logprobs, member.getKey(), member.getValue());
        }
    }

    ObjectNode whole(int index) {
        ObjectNode whole = JsonNodeFactory.instance.objectNode().put("index", index);
        if (message.begun() || !told.isEmpty()) whole.set("message", message.whole(told));
        whole.setAll(rest.whole());
        if (!logprobs.isEmpty()) whole.set("logprobs", logprobs);
        else if (whole.has("message")) whole.putNull("logprobs"); // there in every whole answer of a chat
        if (!tokens.isEmpty()) whole.set("token_ids", tokens);
        if (!whole.has("finish_reason")) whole.putNull("finish_reason");
        return whole;
    }
}
