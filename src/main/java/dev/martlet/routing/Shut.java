package dev.martlet.routing;

import dev.martlet.KeyCondition.State;

import java.time.Duration;
import java.util.Optional;

/// Why a candidate is passed over.
///
/// @param left how long that will last; empty when nobody knows
record Shut(State state, String word, Optional<Duration> left) {
    static Shut until(State state, String word, long leftNanos) {
        return new Shut(state, word, Optional.of(Duration.ofNanos(leftNanos)));
    }

    /// Whether one call is trying it right now, and nothing has come of that yet.
    boolean isProbed() {
        return state == State.HALF_OPEN && left.isEmpty();
    }

    boolean outlasts(Shut other) {
        return left.isPresent() && other.left().isPresent() && left.get().compareTo(other.left().get()) > 0;
    }

    /// For people: `cooling 12s`.
    String why() {
        return left.isEmpty() || left.get().isZero() ? word : word + " " + text(left.get());
    }

    private static String text(Duration time) {
        long seconds = time.plusNanos(999_999_999).toSeconds();
        if (seconds < 120) return seconds + "s";
        return seconds < 7200 ? (seconds + 59) / 60 + "m" : (seconds + 3599) / 3600 + "h";
    }
}
