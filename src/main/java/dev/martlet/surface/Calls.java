package dev.martlet.surface;

import dev.martlet.Call;
import dev.martlet.Surface;
import dev.martlet.server.Incoming;

/// Requests as calls of a surface.
final class Calls {
    private Calls() {}

    static Call of(Surface surface, Incoming request) {
        return new Call(
                request.id(),
                surface,
                request.head().method(),
                request.head().target(),
                request.head().fields(),
                request.peer(),
                request.body(),
                request.startedAt());
    }
}
