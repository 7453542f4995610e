package dev.martlet.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Map;
import java.util.Set;

/// One choice of a stream as it grows.
final class OpenAiChoice {
    private static final String FILTERS = "content_filter_results";

    /// What Azure's filters find, from nothing to the worst.
    private static final List<String> SEVERITIES = List.of("safe", "low", "medium", "high");

    private final Pieces rest = new Pieces(Set.of("text"));
    private final ObjectNode filters = JsonNodeFactory.instance.objectNode();
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
            case FILTERS -> addFilters(value);
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
        boolean lists = piece.isObject() || piece.isNull();
        rest.add("logprobs", lists ? JsonNodeFactory.instance.nullNode() : piece); // its place among the others
        for (Map.Entry<String, JsonNode> member : piece.properties()) {
            boolean goesOn = member.getValue().isArray() && logprobs.path(member.getKey()).isArray();
            if (goesOn) member.getValue().forEach(logprobs.withArray(member.getKey())::add);
            else Pieces.join(logprobs, member.getKey(), member.getValue());
        }
    }

    /// Each piece is filtered by itself; the answer is what the worst of them is.
    private void addFilters(JsonNode found) {
        rest.add(FILTERS, found.isObject() ? filters : found); // its place among the others
        for (Map.Entry<String, JsonNode> filter : found.properties()) {
            boolean graver = gravity(filter.getValue()) >= gravity(filters.path(filter.getKey()));
            if (graver) filters.set(filter.getKey(), filter.getValue());
        }
    }

    private static int gravity(JsonNode found) {
        boolean hit = found.path("filtered").asBoolean() || found.path("detected").asBoolean();
        return SEVERITIES.indexOf(found.path("severity").asText()) + (hit ? SEVERITIES.size() : 0);
    }

    ObjectNode whole(int index) {
        ObjectNode whole = JsonNodeFactory.instance.objectNode().put("index", index);
        if (message.begun() || !told.isEmpty()) whole.set("message", message.whole(told));
        whole.setAll(rest.whole());
        if (!logprobs.isEmpty()) whole.set("logprobs", logprobs);
        else if (whole.has("message") && !whole.has("logprobs"))
            whole.putNull("logprobs"); // there in every whole answer of a chat
        if (!tokens.isEmpty()) whole.set("token_ids", tokens);
        if (!filters.isEmpty()) whole.set(FILTERS, filters);
        if (!whole.has("finish_reason")) whole.putNull("finish_reason");
        return whole;
    }
}
