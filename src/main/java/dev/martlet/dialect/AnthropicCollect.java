package dev.martlet.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.Map;
import java.util.Optional;

/// A stream of Anthropic's as the message that would have come whole.
final class AnthropicCollect implements Collect {
    private final Kept kept = new Kept();
    private final AnthropicBlocks blocks = new AnthropicBlocks(kept);
    private Optional<ObjectNode> message = Optional.empty();
    private boolean over;

    @Override
    public void add(Event event) throws Garbled {
        if (event.isDone() || over) return;
        ObjectNode data = event.data();
        switch (type(event)) {
            case "message_start" -> start(Shape.object(data.path("message"), "message"));
            case "content_block_start" -> blocks.start(data);
            case "content_block_delta" -> blocks.delta(data);
            case "message_delta" -> change(data);
            case "message_stop" -> over = true;
            case "error" -> throw new Garbled("the stream ends with an error");
            default -> {} // the end of a block, a ping, and what later versions add
        }
    }

    /// What an event is: its data says it, and its name as well.
    static String type(Event event) {
        return event.data().path("type").asText(event.name());
    }

    private void start(ObjectNode begin) {
        message = Optional.of(copy(begin));
    }

    /// Takes a `message_delta`: what it says is the last word.
    private void change(ObjectNode data) throws Garbled {
        kept.add(data);
        ObjectNode whole = begun();
        for (Map.Entry<String, JsonNode> member : data.properties()) {
            switch (member.getKey()) {
                case "type" -> {}
                case "delta" -> lay(Shape.object(member.getValue(), "delta"), whole);
                case "usage" -> {
                    ObjectNode usage = copy(whole.path("usage"));
                    lay(Shape.object(member.getValue(), "usage"), usage);
                    whole.set("usage", usage);
                }
                default -> whole.set(member.getKey(), member.getValue());
            }
        }
    }

    /// Lays members over others: `null` says nothing about what was said before.
    private static void lay(ObjectNode members, ObjectNode over) {
        for (var member : members.properties()) {
            boolean says = !member.getValue().isNull() || !over.has(member.getKey());
            if (says) over.set(member.getKey(), member.getValue());
        }
    }

    private static ObjectNode copy(JsonNode original) {
        ObjectNode copy = JsonNodeFactory.instance.objectNode();
        if (original instanceof ObjectNode object) copy.setAll(object);
        return copy;
    }

    AnthropicBlocks blocks() {
        return blocks;
    }

    ObjectNode begun() throws Garbled {
        return message.orElseThrow(() -> new Garbled("the stream does not begin with message_start"));
    }

    @Override
    public ObjectNode whole() throws Garbled {
        ObjectNode whole = copy(begun());
        whole.set("content", blocks.content());
        return whole;
    }
}
