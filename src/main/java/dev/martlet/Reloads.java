package dev.martlet;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// How reading the configuration again has gone since Martlet started.
///
/// @param done          reloads after which what was written then is in force, as far as it may change while running
/// @param failed        reloads that were refused: the catalog before them stayed in force
/// @param lastFailed    whether the last one was refused
/// @param lastFailedAt  when one was refused last
/// @param lastProblems  problems of the last one; 0 unless it was refused
/// @param atNextRestart names of keys whose written value differs from the one in force and counts from the next start
public record Reloads(
        long done,
        long failed,
        boolean lastFailed,
        Optional<Instant> lastFailedAt,
        int lastProblems,
        List<String> atNextRestart) {
    public static final Reloads NONE = new Reloads(0, 0, false, Optional.empty(), 0, List.of());

    public Reloads {
        atNextRestart = List.copyOf(atNextRestart);
    }
}
