package dev.martlet.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A stream of Anthropic's as chunks of the hub. What its chunks have no word for accompanies them as it came, as
/// `choices[].extra_content.anthropic.event`; the last one carries what a whole answer would.
///
/// Why the model stopped is said only when `message_stop` was seen: what was cut off never looks complete.
final class AnthropicStreamToHub implements Fold {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final Heading heading;
    private final AnthropicCollect collected = new AnthropicCollect();
    private final AnthropicMessage.Order order = new AnthropicMessage.Order();
    private final Map<Integer, Open> open = new HashMap<>();
    private final Set<Integer> argued = new HashSet<>();
    private int calls;
    private boolean over;

    /// A block that has begun.
    ///
    /// @param sayable whether the hub can say all of it
    /// @param call    its index among the calls of tools, if it is one
    private record Open(boolean sayable, Optional<Integer> call) {}

    AnthropicStreamToHub(Heading heading) {
        this.heading = heading;
    }

    @Override
    public List<Event> next(Event event) throws Garbled {
        if (over) return List.of();
        String type = AnthropicCollect.type(event);
        if (type.equals("error") || AnthropicErrors.isError(event.data())) return failed(event.data());
        collected.add(event);
        return switch (type) {
            case "message_start" -> List.of(begun());
            case "content_block_start" -> started(event.data());
            case "content_block_delta" -> grown(event.data(), Shape.object(event.data().path("delta"), "delta"));
            case "content_block_stop" -> ended(event.data());
            case "message_stop" -> finished();
            default -> List.of();
        };
    }

    /// An end that did not come is not made up.
    @Override
    public List<Event> end() {
        return List.of();
    }

    private List<Event> failed(ObjectNode error) {
        over = true;
        return List.of(Event.of(AnthropicErrors.toHub(AnthropicErrors.status(error), error)));
    }

    private List<Event> started(ObjectNode event) throws Garbled {
        ObjectNode block = Shape.object(event.path("content_block"), "content_block");
        boolean sayable = order.takes(block) && !isOneMoreThought(block);
        ObjectNode delta = NODES.objectNode();
        Optional<Integer> call = Optional.empty();
        switch (block.path("type").asText()) {
            case "tool_use" -> {
                call = Optional.of(calls);
                ObjectNode begun = delta.putArray("tool_calls").addObject().put("index", calls);
                begun.setAll(AnthropicMessage.call(block, ""));
                calls++;
            }
            case "text" -> Shape.some(block.path("text")).ifPresent(text -> delta.put("content", text));
            case "thinking" ->
                    Shape.some(block.path("thinking")).ifPresent(text -> delta.put("reasoning_content", text));
            default -> {}
        }
        open.put(event.path("index").intValue(), new Open(sayable, call));
        return chunks(sayable, event, delta);
    }

    /// In the hub's stream thoughts have no end of their own but that something else follows.
    private boolean isOneMoreThought(ObjectNode block) {
        String type = block.path("type").asText();
        return type.equals("redacted_thinking") || (type.equals("thinking") && !open.isEmpty());
    }

    private List<Event> grown(ObjectNode event, ObjectNode piece) throws Garbled {
        Open block = at(event);
        ObjectNode delta = NODES.objectNode();
        boolean sayable = block.sayable();
        switch (piece.path("type").asText()) {
            case "text_delta" -> said(piece.path("text"), "content", delta);
            case "thinking_delta" -> said(piece.path("thinking"), "reasoning_content", delta);
            case "input_json_delta" ->
                    block.call().ifPresent(call -> argued(call, piece.path("partial_json").asText(), delta));
            default -> sayable = false;
        }
        return chunks(sayable, event, delta);
    }

    private static void said(JsonNode text, String name, ObjectNode delta) throws Garbled {
        String piece = Shape.text(text, name);
        if (!piece.isEmpty()) delta.put(name, piece);
    }

    private void argued(int call, String arguments, ObjectNode delta) {
        if (arguments.isEmpty()) return;
        argued.add(call);
        ObjectNode piece = NODES.objectNode().put("index", call);
        piece.putObject("function").put("arguments", arguments);
        delta.putArray("tool_calls").add(piece);
    }

    private List<Event> ended(ObjectNode event) throws Garbled {
        Open ended = at(event);
        ObjectNode block = collected.blocks().block(event);
        ObjectNode delta = NODES.objectNode();
        // a call without arguments brings no piece of them, and no text is no JSON
        Optional<Integer> silent = ended.call().filter(call -> !argued.contains(call));
        if (silent.isPresent()) argued(silent.get(), AnthropicMessage.arguments(block), delta);
        return chunks(ended.sayable(), event, delta);
    }

    private Open at(ObjectNode event) throws Garbled {
        Open block = open.get(event.path("index").intValue());
        if (block == null) throw new Garbled("a content block goes on that did not begin");
        return block;
    }

    private List<Event> chunks(boolean sayable, ObjectNode event, ObjectNode delta) throws Garbled {
        if (sayable && delta.isEmpty()) return List.of();
        ObjectNode chunk = frame();
        ObjectNode choice = choice(chunk, delta).putNull("finish_reason");
        if (!sayable) choice.putObject("extra_content").putObject("anthropic").set("event", event);
        return List.of(Event.of(chunk));
    }

    private Event begun() throws Garbled {
        ObjectNode delta = NODES.objectNode().put("role", "assistant").put("content", "").putNull("refusal");
        ObjectNode chunk = frame();
        choice(chunk, delta).putNull("finish_reason");
        return Event.of(chunk);
    }

    private List<Event> finished() throws Garbled {
        over = true;
        ObjectNode answer = collected.whole();
        ObjectNode message = AnthropicMessage.toHub(Shape.array(answer.path("content"), "content"));
        ObjectNode delta = NODES.objectNode();
        for (String late : List.of("annotations", "extra_content")) {
            if (message.has(late)) delta.set(late, message.get(late));
        }
        ObjectNode last = frame();
        AnthropicAnswer.finish(answer, calls > 0, choice(last, delta));
        List<Event> events = new ArrayList<>();
        events.add(Event.of(last));
        if (heading.usageAsked() && answer.path("usage") instanceof ObjectNode usage) events.add(counted(usage));
        events.add(Event.DONE);
        return events;
    }

    private Event counted(ObjectNode usage) throws Garbled {
        ObjectNode chunk = frame();
        chunk.putArray("choices");
        chunk.set("usage", AnthropicUsage.toHub(usage));
        return Event.of(chunk);
    }

    private ObjectNode frame() throws Garbled {
        return AnthropicAnswer.heading(collected.begun(), heading, "chat.completion.chunk");
    }

    private static ObjectNode choice(ObjectNode chunk, ObjectNode delta) {
        ObjectNode choice = chunk.putArray("choices").addObject().put("index", 0);
        choice.set("delta", delta);
        return choice;
    }
}
