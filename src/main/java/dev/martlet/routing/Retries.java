package dev.martlet.routing;

import dev.martlet.RoutingPolicy;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// What one call may still try after an attempt has failed. Open for as long as the call is under way.
public final class Retries implements AutoCloseable {
    private static final long PAUSE_MILLIS = 25;
    private static final long PAUSE_MILLIS_MAX = 250;

    private final Router router;
    private final RoutingPolicy policy;
    private final RetryBudget budget;
    private final RandomGenerator random;
    private int made;
    private boolean placed;
    private boolean closed;

    /// Whether there may be another attempt.
    public enum Answer {
        GRANTED,
        /// No target is left that is not shut out.
        NOTHING_LEFT,
        /// The next target is a failing one, and enough retries to such are under way.
        OVER_BUDGET
    }

    Retries(Router router, RoutingPolicy policy, RetryBudget budget, RandomGenerator random) {
        this.router = router;
        this.policy = policy;
        this.budget = budget;
        this.random = random;
        budget.callBegan();
    }

    /// Asks for an attempt after this one, which has failed. A retry to a healthy target is free; one to a failing target
    /// takes a place in the budget, until it has its answer.
    public Answer ask(Plan plan, Attempt failed) {
        answered();
        Optional<Attempt> next = plan.after(failed).filter(router::admits).findFirst();
        if (next.isEmpty()) return Answer.NOTHING_LEFT;
        if (router.isFailing(next.get())) {
            placed = budget.take(policy.retryPercent());
            if (!placed) return Answer.OVER_BUDGET;
        }
        made++;
        return Answer.GRANTED;
    }

    /// How long to wait before the retry that was granted last: the first comes at once, the others after a random time
    /// whose limit doubles each time.
    public Duration pause() {
        if (made <= 1) return Duration.ZERO;
        long limitMillis = Math.min(PAUSE_MILLIS_MAX, PAUSE_MILLIS << Math.min(made - 2, 10));
        return Duration.ofNanos(random.nextLong(limitMillis * 1_000_000 + 1));
    }

    /// The attempt under way has its answer: however long that flows, it weighs on nobody as a retry.
    public void answered() {
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
