package dev.martlet;

import java.time.Duration;

/// A moment until which something has to be done, on the clock that never jumps ([System#nanoTime]).
public record Deadline(long nanoTime) {
    private static final long FAR_NANOS = Long.MAX_VALUE / 4;

    public static Deadline in(Duration time) {
        long nanos = time.compareTo(Duration.ofNanos(FAR_NANOS)) > 0 ? FAR_NANOS : time.toNanos();
        return new Deadline(System.nanoTime() + nanos);
    }

    /// Nanoseconds left; zero or less when it has passed.
    public long leftNanos() {
        return nanoTime - System.nanoTime();
    }

    /// Milliseconds left, rounded up, at least 1 and at most `Integer.MAX_VALUE`: fit for a socket timeout.
    public int leftMillis() {
        return Math.clamp((leftNanos() + 999_999) / 1_000_000, 1, Integer.MAX_VALUE);
    }

    public boolean passed() {
        return leftNanos() <= 0;
    }

    public Deadline orSooner(Deadline other) {
        return nanoTime - other.nanoTime <= 0 ? this : other;
    }
}
