package dev.martlet.telemetry;

import dev.martlet.Surface;

import java.util.Locale;

/// What a target is: names are unique among those of a kind, and an operator may well have a channel and a service of one
/// name.
enum TargetKind {
    /// A service of the pool of the transparent surface.
    POOL,
    /// A service that callers name.
    SERVICE,
    CHANNEL;

    /// What answers the calls of a surface.
    static TargetKind of(Surface surface) {
        return switch (surface) {
            case TRANSPARENT -> POOL;
            case SERVICES -> SERVICE;
            case OPENAI, OPERATIONS, NONE -> CHANNEL;
        };
    }

    /// The word for metrics.
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
