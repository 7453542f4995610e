package dev.martlet.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A whole answer as the chunks of a stream: of each choice what it says, then how it ended; then the count of tokens. What
/// a provider says of the answer as such stands in the first chunk.
final class OpenAiUnfold {
    private static final String CHOICES = "choices";
    private static final String USAGE = "usage";
    private static final String MESSAGE = "message";
    private static final String FINISH_REASON = "finish_reason";

    /// What every chunk says.
    private static final Set<String> HEADING =
            Set.of("id", "object", "created", "model", "system_fingerprint", "service_tier");

    /// What belongs to the words of a choice, and not to its end.
    private static final Set<String> WITH_WORDS = Set.of("text", "logprobs", "token_ids");

    private final ObjectNode heading = JsonNodeFactory.instance.objectNode();
    private final ObjectNode rest = JsonNodeFactory.instance.objectNode();
    private final List<Event> events = new ArrayList<>();

    private OpenAiUnfold(ObjectNode answer) {
        for (Map.Entry<String, JsonNode> member : answer.properties()) {
            String name = member.getKey();
            if (name.equals(CHOICES) || name.equals(USAGE)) continue;
            (HEADING.contains(name) ? heading : rest).set(name, member.getValue());
        }
        boolean chat = heading.path("object").asText("").equals("chat.completion");
        if (chat) heading.put("object", "chat.completion.chunk");
    }

    static List<Event> of(ObjectNode answer) throws Garbled {
        OpenAiUnfold unfold = new OpenAiUnfold(answer);
        if (!answer.path(CHOICES).isArray()) throw new Garbled("an answer without choices");
        for (JsonNode element : answer.path(CHOICES)) {
            if (!(element instanceof ObjectNode choice)) throw new Garbled("a choice is no object");
            unfold.add(choice);
        }
        JsonNode usage = answer.path(USAGE);
        if (usage.isObject()) unfold.chunk().set(USAGE, usage);
        unfold.events.add(Event.DONE);
        return unfold.events;
    }

    private void add(ObjectNode choice) throws Garbled {
        ObjectNode words = JsonNodeFactory.instance.objectNode();
        ObjectNode end = JsonNodeFactory.instance.objectNode();
        JsonNode index = choice.path("index").isInt() ? choice.path("index") : JsonNodeFactory.instance.numberNode(0);
        words.set("index", index);
        end.set("index", index);
        if (choice.has(MESSAGE)) {
            if (!(choice.path(MESSAGE) instanceof ObjectNode message)) throw new Garbled("a message is no object");
            words.set("delta", delta(message));
            end.putObject("delta");
        } else {
            end.put("text", "");
        }
        for (Map.Entry<String, JsonNode> member : choice.properties()) {
            String name = member.getKey();
            if (name.equals("index") || name.equals(MESSAGE)) continue;
            (WITH_WORDS.contains(name) ? words : end).set(name, member.getValue());
        }
        words.putNull(FINISH_REASON);
        choices().add(words);
        choices().add(end);
    }

    /// A message as one piece; its calls know their places.
    private static ObjectNode delta(ObjectNode message) {
        ObjectNode delta = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> member : message.properties()) {
            JsonNode value = member.getValue();
            boolean calls = member.getKey().equals("tool_calls") && value.isArray();
            boolean bare = member.getKey().equals("content") && value.isObject();
            delta.set(member.getKey(), calls ? placed(value) : bare ? TextNode.valueOf(HubText.written(value)) : value);
        }
        return delta;
    }

    private static ArrayNode placed(JsonNode calls) {
        ArrayNode placed = JsonNodeFactory.instance.arrayNode();
        for (JsonNode call : calls) {
            ObjectNode piece = JsonNodeFactory.instance.objectNode().put("index", placed.size());
            if (call instanceof ObjectNode members) piece.setAll(members);
            placed.add(piece);
        }
        return placed;
    }

    private ArrayNode choices() {
        return (ArrayNode) chunk().path(CHOICES);
    }

    private ObjectNode chunk() {
        ObjectNode chunk = heading.deepCopy();
        if (events.isEmpty()) chunk.setAll(rest);
        chunk.putArray(CHOICES);
        events.add(Event.of(chunk));
        return chunk;
    }
}
