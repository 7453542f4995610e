package dev.martlet.relay;

import dev.martlet.dialect.StreamReading.Seen;
import dev.martlet.wire.Json;
import dev.martlet.wire.Span;
import dev.martlet.wire.SseEvent;

import java.util.List;
import java.util.Optional;

/// Events pass as they come, with the model called what the caller called it.
final class NamedPassage implements Passage {
    private final byte[] model;
    private final boolean wish;

    NamedPassage(Subject subject) {
        this.model = Json.string(subject.model());
        this.wish = subject.wish();
    }

    @Override
    public List<Piece> next(SseEvent event, Seen seen) {
        return switch (seen) {
            case Seen.Content(Optional<Span> name) -> named(event, name);
            case Seen.Meta(Optional<Span> name) -> named(event, name);
            case Seen.UsageOnly(Optional<Span> name) -> wish ? List.of() : named(event, name);
            case Seen.Failure _, Seen.Terminal _ -> named(event, Optional.empty());
        };
    }

    private List<Piece> named(SseEvent event, Optional<Span> name) {
        byte[] bytes = name.isPresent() ? event.replaced(name.get(), model) : event.raw();
        return List.of(new Piece(bytes, event.ended()));
    }

    @Override
    public List<Piece> end() {
        return List.of();
    }
}
