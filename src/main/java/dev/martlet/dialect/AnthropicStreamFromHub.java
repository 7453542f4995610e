package dev.martlet.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Chunks of the hub as a stream of Anthropic's: one block after the other, each begun and ended.
///
/// The end is held back until the count of tokens is known, which the hub says last; without a reason to stop there is none.
final class AnthropicStreamFromHub implements Fold {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final Heading heading;
    private final List<Event> events = new ArrayList<>();
    private final HubCalls calls = new HubCalls();
    private final Kept kept = new Kept();
    private final StringBuilder thoughtBehind = new StringBuilder();
    private final StringBuilder behind = new StringBuilder();
    private Block open = Block.NONE;
    private int index = -1;
    private boolean begun;
    private boolean over;
    private Optional<ObjectNode> finished = Optional.empty();
    private JsonNode usage = NODES.missingNode();

    /// What the block is for that is open.
    private enum Block {
        NONE,
        THINKING,
        TEXT,
        CALL,
        /// One that came as Anthropic wrote it.
        VERBATIM
    }

    AnthropicStreamFromHub(Heading heading) {
        this.heading = heading;
    }

    @Override
    public List<Event> next(Event event) throws Garbled {
        if (over) return List.of();
        ObjectNode chunk = event.data();
        if (event.isDone()) done();
        else if (AnthropicErrors.isError(chunk)) fail(chunk);
        else take(chunk);
        return sent();
    }

    @Override
    public List<Event> end() throws Garbled {
        if (!over) stop();
        return sent();
    }

    private List<Event> sent() {
        List<Event> sent = List.copyOf(events);
        events.clear();
        return sent;
    }

    private void take(ObjectNode chunk) throws Garbled {
        if (HubText.usage(chunk).isObject()) usage = HubText.usage(chunk);
        boolean counted = chunk.path("choices").isEmpty() && HubText.usage(chunk).isObject();
        for (JsonNode each : chunk.path("choices")) {
            ObjectNode choice = Shape.object(each, "a choice");
            if (choice.path("index").asInt(0) != 0) continue; // nobody asked Anthropic for a second one
            begin(chunk);
            take(choice, choice.path("delta"));
        }
        if (counted) stop();
    }

    private void begin(ObjectNode chunk) {
        if (begun) return;
        begun = true;
        ObjectNode message = AnthropicAnswer.begun(chunk, heading);
        message.putObject("usage").put("input_tokens", 0).put("output_tokens", 0);
        events.add(AnthropicUnfold.event(AnthropicUnfold.data("message_start").set("message", message)));
    }

    private void take(ObjectNode choice, JsonNode delta) throws Garbled {
        if (choice.path("extra_content").path("anthropic").path("event") instanceof ObjectNode event) pass(event);
        else say(delta);
        if (Shape.some(choice.path("finish_reason")).isEmpty()) return;
        finished = Optional.of(choice);
    }

    private void say(JsonNode delta) throws Garbled {
        if (index < 0 && blocks(delta.path("extra_content").path("anthropic").path("content"))) return;
        if (index >= 0 || !blocks(delta.path("extra_content").path("anthropic").path("thinking"))) {
            String thoughts = HubText.thoughts(delta);
            if (!thoughts.isEmpty()) think(thoughts);
        }
        String said = HubText.said(delta);
        if (!said.isEmpty()) say(said);
        calls.take(delta);
        flow();
    }

    /// Writes blocks that accompany a message which comes at once.
    ///
    /// @return whether there were any
    private boolean blocks(JsonNode blocks) throws Garbled {
        for (JsonNode block : blocks) {
            index++;
            events.addAll(AnthropicUnfold.block(index, Shape.object(block, "a content block")));
        }
        return !blocks.isEmpty();
    }

    private void think(String thoughts) throws Garbled {
        if (calls.next().isPresent()) {
            hold(thoughts, thoughtBehind);
            return;
        }
        if (open != Block.THINKING) open(Block.THINKING, AnthropicMessage.thinking(""));
        events.add(AnthropicUnfold.delta(index, "thinking_delta", "thinking", thoughts));
    }

    private void say(String text) throws Garbled {
        if (calls.next().isPresent()) {
            hold(text, behind);
            return;
        }
        if (open != Block.TEXT) open(Block.TEXT, AnthropicUnfold.data("text").put("text", ""));
        events.add(AnthropicUnfold.delta(index, "text_delta", "text", text));
    }

    /// What comes while a call is not whole waits behind it: blocks do not overlap.
    private void hold(String text, StringBuilder behind) throws Garbled {
        kept.add(text);
        behind.append(text);
    }

    /// The first call that is not whole flows; those that begin meanwhile wait behind it.
    private void flow() {
        for (Optional<HubCalls.Call> call = calls.next(); call.isPresent(); call = calls.next()) {
            if (!call.get().isNamed()) return;
            argue(call.get());
            if (!call.get().isWhole()) return;
            close();
            calls.pass();
        }
    }

    private void argue(HubCalls.Call call) {
        if (open != Block.CALL) {
            ObjectNode begin = AnthropicMessage.toolUse(call.id(), call.name());
            begin.setAll(call.more("anthropic"));
            open(Block.CALL, begin);
        }
        String arguments = call.taken();
        if (!arguments.isEmpty())
            events.add(AnthropicUnfold.delta(index, "input_json_delta", "partial_json", arguments));
    }

    /// Passes an event on that the hub had no words for.
    private void pass(ObjectNode event) throws Garbled {
        ObjectNode passed = NODES.objectNode();
        passed.setAll(event);
        switch (event.path("type").asText()) {
            case "content_block_start" -> {
                close();
                index++;
                open = Block.VERBATIM;
                events.add(AnthropicUnfold.event(passed.put("index", index)));
            }
            case "content_block_delta" -> {
                String type = event.path("delta").path("type").asText();
                boolean ahead = open == Block.NONE || open == Block.THINKING;
                if (open == Block.NONE && type.equals("signature_delta"))
                    open(Block.THINKING, AnthropicMessage.thinking(""));
                if (ahead && type.equals("citations_delta"))
                    open(Block.TEXT, AnthropicUnfold.data("text").put("text", ""));
                if (open != Block.NONE) events.add(AnthropicUnfold.event(passed.put("index", index)));
            }
            default -> close();
        }
    }

    private void open(Block block, ObjectNode begin) {
        close();
        index++;
        open = block;
        events.add(AnthropicUnfold.start(index, begin));
    }

    private void close() {
        if (open != Block.NONE) events.add(AnthropicUnfold.stop(index));
        open = Block.NONE;
    }

    /// Some come to their end without a reason (Novita).
    private void done() throws Garbled {
        if (begun && finished.isEmpty()) finished = Optional.of(NODES.objectNode());
        stop();
    }

    /// Ends what has a reason to end.
    private void stop() throws Garbled {
        if (finished.isEmpty()) return;
        over = true;
        for (Optional<HubCalls.Call> call = calls.next(); call.isPresent(); call = calls.next()) {
            if (!call.get().isNamed()) throw new Garbled("a tool call has no name");
            argue(call.get());
            close();
            calls.pass();
        }
        if (!thoughtBehind.isEmpty()) think(thoughtBehind.toString());
        if (!behind.isEmpty()) say(behind.toString());
        close();
        ObjectNode answer = NODES.objectNode();
        AnthropicAnswer.stop(finished.get(), calls.any(), answer);
        answer.set("usage", AnthropicUsage.fromHub(usage));
        events.addAll(AnthropicUnfold.end(answer));
    }

    private void fail(ObjectNode error) {
        over = true;
        events.add(AnthropicUnfold.event(AnthropicErrors.fromHub(AnthropicErrors.status(error), error)));
    }
}
