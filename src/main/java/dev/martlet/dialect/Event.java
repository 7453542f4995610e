package dev.martlet.dialect;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.martlet.wire.JsonTree;
import dev.martlet.wire.SseEvent;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// An event of a stream with its data as a tree.
///
/// @param name empty for none
record Event(String name, ObjectNode data) {
    /// `[DONE]`, the end of a stream in the OpenAI dialect: the one event whose data is no object.
    static final Event DONE = new Event("", JsonNodeFactory.instance.objectNode());

    private static final byte[] DONE_WORD = "[DONE]".getBytes(StandardCharsets.US_ASCII);

    static Event of(ObjectNode data) {
        return new Event("", data);
    }

    /// Empty for what only keeps a connection alive: comments, and events without data. An array of one, as Google has its
    /// errors, is that one.
    ///
    /// @throws Garbled if its data is no object, or more than anybody reads
    static Optional<Event> read(SseEvent event) throws Garbled {
        if (event.piece()) throw new Garbled("an event is too large");
        if (event.data().length() == 0) return Optional.empty();
        if (event.says("[DONE]")) return Optional.of(DONE);
        ObjectNode data =
                JsonTree.read(event.content(), event.data())
                        .map(tree -> tree.isArray() && tree.size() == 1 ? tree.get(0) : tree)
                        .filter(ObjectNode.class::isInstance)
                        .map(ObjectNode.class::cast)
                        .orElseThrow(() -> new Garbled("the data of an event is no JSON object"));
        return Optional.of(new Event(event.name(), data));
    }

    @SuppressWarnings("ReferenceEquality") // an object without members is another event
    boolean isDone() {
        return this == DONE;
    }

    byte[] written() {
        return SseEvent.of(name, isDone() ? DONE_WORD : JsonTree.write(data));
    }
}
