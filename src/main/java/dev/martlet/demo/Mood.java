package dev.martlet.demo;

import java.util.concurrent.atomic.AtomicLong;

/// Which calls fail, and how. Counted, not drawn: whoever tries the demo twice sees the same.
final class Mood {
    /// What happens to a call.
    enum Turn {
        ANSWER,
        UNAVAILABLE,
        /// The beginning of an answer, and then nothing more.
        HALF,
        NONSENSE
    }

    private static final Turn[] FAILURES = {Turn.UNAVAILABLE, Turn.HALF, Turn.NONSENSE};

    private final int every;
    private final AtomicLong calls = new AtomicLong();

    /// @param every every so many-th call fails; 0 for none
    Mood(int every) {
        this.every = every;
    }

    static Mood even() {
        return new Mood(0);
    }

    Turn next() {
        if (every == 0) return Turn.ANSWER;
        long call = calls.incrementAndGet();
        if (call % every != 0) return Turn.ANSWER;
        return FAILURES[(int) ((call / every - 1) % FAILURES.length)];
    }
}
