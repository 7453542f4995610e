package dev.martlet.routing;

import dev.martlet.Condition;
import dev.martlet.Condition.Load;
import dev.martlet.Condition.State;
import dev.martlet.RoutingPolicy;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/// Remembers how one target fared, and its consecutive failures. After too many it is open: nobody is sent there, until
/// a while later one probe is let in and decides.
///
/// ```
///   CLOSED --(failures in a row)--> OPEN --(time)--> a probe --success--> CLOSED
///                                     ^------------------'failure
/// ```
final class Breaker {
    private static final int FAILING_BELOW_PERCENT = 90;

    private final LongSupplier nanoTime;
    private final SuccessShare share;
    private volatile long touchedAt;
    private int failuresInARow;
    private long openUntil;
    private boolean open;
    private boolean probing;

    Breaker(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.touchedAt = nanoTime.getAsLong();
        this.share = new SuccessShare(touchedAt);
    }

    /// Somebody is interested in this target.
    void touch() {
        touchedAt = nanoTime.getAsLong();
    }

    /// Nanoseconds since somebody was.
    long unusedNanos() {
        return nanoTime.getAsLong() - touchedAt;
    }

    /// Whether a call may be sent there now.
    synchronized boolean admits() {
        return !open || (!probing && nanoTime.getAsLong() - openUntil >= 0);
    }

    /// Whether so many of its last attempts failed that another one will probably fail, too.
    synchronized boolean isFailing() {
        return share.isBelow(FAILING_BELOW_PERCENT, nanoTime.getAsLong());
    }

    synchronized boolean isOpen() {
        return open;
    }

    synchronized Condition condition(String name, Load load) {
        if (!open) return new Condition(name, State.CLOSED, Optional.empty(), load);
        long left = Math.max(0, openUntil - nanoTime.getAsLong());
        State state = probing || left == 0 ? State.HALF_OPEN : State.OPEN;
        return new Condition(name, state, Optional.of(Duration.ofNanos(left)), load);
    }

    /// Takes the place of the probe when the breaker is open and its time has come; true for the one that got it.
    synchronized boolean takeProbe() {
        if (!open || probing || nanoTime.getAsLong() - openUntil < 0) return false;
        probing = true;
        return true;
    }

    synchronized void freeProbe() {
        probing = false;
    }

    synchronized void succeeded() {
        share.add(true, nanoTime.getAsLong());
        failuresInARow = 0;
        open = false;
    }

    /// A failure while open moves the time only when it was the probe's: calls sent before it opened come back late.
    synchronized void failed(RoutingPolicy policy, boolean probe) {
        share.add(false, nanoTime.getAsLong());
        failuresInARow++;
        boolean opens = probe || (!open && failuresInARow >= policy.failures());
        if (!opens) return;
        open = true;
        openUntil = nanoTime.getAsLong() + policy.open().toNanos();
    }
}
