package dev.martlet.routing;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// The retries of one call: how long it waits before each, and the place in the budget that it takes while it bothers a
/// failing target. Open for as long as the call is under way.
final class Retries implements AutoCloseable {
    private static final long PAUSE_MILLIS = 25;
    private static final long PAUSE_MILLIS_MAX = 250;

    private final RetryBudget budget;
    private final int percent;
    private final RandomGenerator random;
    private int made;
    private boolean placed;
    private boolean closed;

    /// @param percent of the calls under way that may bother failing targets
    Retries(RetryBudget budget, int percent, RandomGenerator random) {
        this.budget = budget;
        this.percent = percent;
        this.random = random;
        budget.callBegan();
    }

    /// Asks for a retry. One to a healthy target is free; one to a failing target takes a place in the budget, until it has
    /// its answer.
    boolean grant(boolean failing) {
        answered();
        if (failing) {
            placed = budget.take(percent);
            if (!placed) return false;
        }
        made++;
        return true;
    }

    /// How long to wait before the retry that was granted last: the first comes at once, the others after a random time
    /// whose limit doubles each time.
    Duration pause() {
        if (made <= 1) return Duration.ZERO;
        long limitMillis = Math.min(PAUSE_MILLIS_MAX, PAUSE_MILLIS << Math.min(made - 2, 10));
        return Duration.ofNanos(random.nextLong(limitMillis * 1_000_000 + 1));
    }

    /// The attempt under way has its answer: however long that flows, it weighs on nobody as a retry.
    void answered() {
        if (placed) budget.free();
        placed = false;
    }

    @Override
    public void close() {
        if (closed) return;
        closed = true;
        answered();
        budget.callEnded();
    }
}
