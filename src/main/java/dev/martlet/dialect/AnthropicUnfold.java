package dev.martlet.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A message of Anthropic's as the stream that says the same.
final class AnthropicUnfold {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /// What is known from the first event on.
    private static final Set<String> FIRST = Set.of("id", "type", "role", "model", "content", "usage");

    /// What the delta of the last one says; all else stands beside it.
    private static final Set<String> LAST = Set.of("stop_reason", "stop_sequence", "stop_details", "container");

    private AnthropicUnfold() {}

    static List<Event> of(ObjectNode answer) throws Garbled {
        List<Event> events = new ArrayList<>();
        events.add(start(answer));
        int index = 0;
        for (JsonNode block : Shape.array(answer.path("content"), "content")) {
            events.addAll(block(index, Shape.object(block, "a content block")));
            index++;
        }
        events.addAll(end(answer));
        return events;
    }

    /// An event as Anthropic names it.
    static Event event(ObjectNode data) {
        return new Event(data.path("type").asText(), data);
    }

    static ObjectNode data(String type) {
        return NODES.objectNode().put("type", type);
    }

    static ObjectNode data(String type, int index) {
        return data(type).put("index", index);
    }

    static Event start(int index, JsonNode block) {
        return event(data("content_block_start", index).set("content_block", block));
    }

    static Event delta(int index, ObjectNode delta) {
        return event(data("content_block_delta", index).set("delta", delta));
    }

    /// A delta that is the next piece of a text.
    ///
    /// @param member in which the text stands
    static Event delta(int index, String type, String member, String text) {
        return delta(index, data(type).put(member, text));
    }

    static Event stop(int index) {
        return event(data("content_block_stop", index));
    }

    private static Event start(ObjectNode answer) {
        ObjectNode message = NODES.objectNode();
        for (var member : answer.properties()) {
            if (FIRST.contains(member.getKey())) message.set(member.getKey(), member.getValue());
        }
        message.putArray("content");
        return event(data("message_start").set("message", message.putNull("stop_reason").putNull("stop_sequence")));
    }

    /// What ends a stream.
    ///
    /// @param answer with all that was not said before
    static List<Event> end(ObjectNode answer) {
        ObjectNode last = data("message_delta");
        ObjectNode delta = last.putObject("delta");
        for (var member : answer.properties()) {
            String name = member.getKey();
            if (LAST.contains(name)) delta.set(name, member.getValue());
            else if (name.equals("usage") || !FIRST.contains(name)) last.set(name, member.getValue());
        }
        return List.of(event(last), event(data("message_stop")));
    }

    /// A block with its texts taken out of it, which follow piece by piece.
    static List<Event> block(int index, ObjectNode block) {
        List<Event> events = new ArrayList<>();
        ObjectNode begin = NODES.objectNode();
        begin.setAll(block);
        events.add(start(index, begin));
        for (JsonNode citation : citations(begin)) {
            events.add(delta(index, data("citations_delta").set("citation", citation)));
        }
        taken(begin, "text").ifPresent(text -> events.add(delta(index, "text_delta", "text", text)));
        taken(begin, "thinking").ifPresent(text -> events.add(delta(index, "thinking_delta", "thinking", text)));
        taken(begin, "signature").ifPresent(text -> events.add(delta(index, "signature_delta", "signature", text)));
        input(begin).ifPresent(json -> events.add(delta(index, "input_json_delta", "partial_json", json)));
        events.add(stop(index));
        return events;
    }

    private static JsonNode citations(ObjectNode begin) {
        JsonNode citations = begin.path("citations");
        if (citations.isArray()) begin.putArray("citations");
        return citations;
    }

    private static Optional<String> taken(ObjectNode begin, String name) {
        Optional<String> text = Shape.some(begin.path(name));
        if (text.isPresent()) begin.put(name, "");
        return text;
    }

    private static Optional<String> input(ObjectNode begin) {
        JsonNode input = begin.path("input");
        if (!input.isObject() || input.isEmpty()) return Optional.empty();
        begin.putObject("input");
        return Optional.of(ToolInput.written(input));
    }
}
