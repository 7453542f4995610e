package dev.martlet.relay;

import dev.martlet.dialect.Garbled;
import dev.martlet.dialect.StreamReading.Seen;
import dev.martlet.wire.SseEvent;

import java.util.List;

/// What a client gets of the events of an upstream.
interface Passage {
    /// An event as the client gets it, or a part of one that is too large to be whole.
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record Piece(byte[] bytes, boolean ends) {}

    /// The passage of one stream.
    static Passage of(Subject subject) {
        return subject.way().isSame() ? new NamedPassage(subject) : new TranslatedPassage(subject);
    }

    /// What becomes of the next event: often one piece, none of what was not meant for the client.
    ///
    /// @throws Garbled if nothing can be made of it
    List<Piece> next(SseEvent event, Seen seen) throws Garbled;

    /// What is still owed when the stream came to its end.
    List<Piece> end() throws Garbled;
}
