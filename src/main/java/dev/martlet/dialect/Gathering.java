package dev.martlet.dialect;

import dev.martlet.wire.JsonTree;
import dev.martlet.wire.SseEvent;

import java.util.Optional;

/// A stream of a channel on its way to becoming one answer.
public final class Gathering {
    private final Collect collect;

    Gathering(Collect collect) {
        this.collect = collect;
    }

    /// Takes the next event.
    ///
    /// @throws Garbled if it cannot be a part of an answer
    public void add(SseEvent event) throws Garbled {
        Optional<Event> read = Event.read(event);
        if (read.isPresent()) collect.add(read.get());
    }

    /// The answer that would have come without a stream, in the channel's dialect.
    ///
    /// @throws Garbled if there was none
    public byte[] whole() throws Garbled {
        return JsonTree.write(collect.whole());
    }
}
