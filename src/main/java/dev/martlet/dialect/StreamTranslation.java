package dev.martlet.dialect;

import dev.martlet.wire.SseEvent;

import java.util.List;
import java.util.Optional;

/// A stream on its way from the channel's dialect to the caller's. Pure: events in, events out.
public final class StreamTranslation {
    private final Fold fold;

    StreamTranslation(Fold fold) {
        this.fold = fold;
    }

    /// What the caller gets for an event, each as it is written; often one, sometimes none.
    ///
    /// @throws Garbled if nothing can be made of it: the stream is broken
    public List<byte[]> next(SseEvent event) throws Garbled {
        Optional<Event> read = Event.read(event);
        return read.isEmpty() ? List.of() : written(fold.next(read.get()));
    }

    /// What the caller is still owed when the upstream's stream is over.
    public List<byte[]> end() throws Garbled {
        return written(fold.end());
    }

    private static List<byte[]> written(List<Event> events) {
        return events.stream().map(Event::written).toList();
    }
}
