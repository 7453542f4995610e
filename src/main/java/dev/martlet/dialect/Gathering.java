package dev.martlet.dialect;

import dev.martlet.wire.JsonTree;
import dev.martlet.wire.SseEvent;

import java.util.Optional;

/// A stream of a channel on its way to becoming one answer.
public final class Gathering {
    /// What may come before anybody looks how much of it is kept.
    private static final long UNMEASURED_BYTES = 256 << 10;

    private final Collect collect;
    private long taken;
    private long nextMeasured = UNMEASURED_BYTES;
    private long bytes;

    Gathering(Collect collect) {
        this.collect = collect;
    }

    /// Takes the next event.
    ///
    /// @throws Garbled if it cannot be a part of an answer
    public void add(SseEvent event) throws Garbled {
        Optional<Event> read = Event.read(event);
        if (read.isPresent()) collect.add(read.get());
        taken += event.data().length();
        if (taken < nextMeasured) return;
        bytes = measured();
        nextMeasured = 2 * taken;
    }

    private long measured() {
        try {
            return whole().length;
        } catch (Garbled e) { // no answer so far
            return 0;
        }
    }

    /// How large the answer was when it was last measured, which is whenever twice as much has come; 0 before that.
    public long bytes() {
        return bytes;
    }

    /// The answer that would have come without a stream, in the channel's dialect.
    ///
    /// @throws Garbled if there was none
    public byte[] whole() throws Garbled {
        return JsonTree.write(collect.whole());
    }
}
