package dev.martlet.relay;

import dev.martlet.dialect.Garbled;
import dev.martlet.dialect.StreamReading.Seen;
import dev.martlet.dialect.StreamTranslation;
import dev.martlet.wire.SseEvent;

import java.util.List;

/// Events become those of the caller's dialect.
final class TranslatedPassage implements Passage {
    private final StreamTranslation translation;

    TranslatedPassage(Subject subject) {
        this.translation = subject.way().stream(subject.heading());
    }

    @Override
    public List<Piece> next(SseEvent event, Seen seen) throws Garbled {
        return pieces(translation.next(event));
    }

    @Override
    public List<Piece> end() throws Garbled {
        return pieces(translation.end());
    }

    private static List<Piece> pieces(List<byte[]> events) {
        return events.stream().map(event -> new Piece(event, true)).toList();
    }
}
