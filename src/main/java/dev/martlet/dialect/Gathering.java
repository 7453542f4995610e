package dev.martlet.dialect;

import dev.martlet.wire.JsonTree;
import dev.martlet.wire.SseEvent;

import java.util.Optional;

/// A stream of a channel on its way to becoming one answer.
public final class Gathering {
    /// What events may take before anybody looks how much of it is kept.
    private static final long UNMEASURED_BYTES = 512 << 10;

    private final Collect collect;
    private long unmeasured;
    private long measured;

    Gathering(Collect collect) {
        this.collect = collect;
    }

    /// Takes the next event.
    ///
    /// @throws Garbled if it cannot be a part of an answer
    public void add(SseEvent event) throws Garbled {
        Optional<Event> read = Event.read(event);
        if (read.isPresent()) collect.add(read.get());
        unmeasured += JsonTree.heldBytes(event.content(), event.data());
    }

    /// Whether the answer may take twice the memory that it took when it was last looked at. What events repeat, which is
    /// most of what comes, is not kept: how large the answer is can only be seen in itself.
    public boolean mayHaveGrown() {
        return unmeasured > Math.max(UNMEASURED_BYTES, measured);
    }

    /// The answer that would have come without a stream, in the channel's dialect, as far as the stream has come.
    ///
    /// @throws Garbled if there was none
    public byte[] whole() throws Garbled {
        byte[] whole = JsonTree.write(collect.whole());
        measured = JsonTree.heldBytes(whole);
        unmeasured = 0;
        return whole;
    }
}
