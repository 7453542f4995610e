package dev.martlet.routing;

import dev.martlet.Condition;
import dev.martlet.Condition.Load;
import dev.martlet.Condition.State;
import dev.martlet.RoutingPolicy;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/// Counts the consecutive failures of one service, or of one key of a channel. After too many it is open: nobody is sent
/// there, until a while later one probe is let in and decides. Nobody who has another place to go is let in beside it.
///
/// ```
///   CLOSED --(failures in a row)--> OPEN --(time)--> a probe --success--> CLOSED
///                                     ^------------------'failure
/// ```
final class Breaker {
    private final LongSupplier nanoTime;
    private int failuresInARow;
    private long openUntil;
    private boolean open;
    private Probe probe = Probe.NONE;

    private enum Probe {
        NONE,
        ASKED,
        /// It gets an answer, whose ending decides.
        ANSWERED
    }

    Breaker(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /// Whether a call may be sent there now.
    synchronized boolean admits() {
        return !open || (probe == Probe.NONE && nanoTime.getAsLong() - openUntil >= 0);
    }

    synchronized boolean isOpen() {
        return open;
    }

    synchronized Condition condition(String name, Load load) {
        if (!open) return new Condition(name, State.CLOSED, Optional.empty(), load);
        return new Condition(name, state(), Optional.of(untilProbe().orElse(Duration.ZERO)), load);
    }

    synchronized State state() {
        if (!open) return State.CLOSED;
        return probe != Probe.NONE || leftNanos() <= 0 ? State.HALF_OPEN : State.OPEN;
    }

    /// How long until a probe may be let in; empty when none is waited for.
    synchronized Optional<Duration> untilProbe() {
        return open && leftNanos() > 0 ? Optional.of(Duration.ofNanos(leftNanos())) : Optional.empty();
    }

    /// Whether a probe is under way that gets an answer.
    synchronized boolean isAnswering() {
        return open && probe == Probe.ANSWERED;
    }

    private long leftNanos() {
        return openUntil - nanoTime.getAsLong();
    }

    /// Lets an attempt in, and says whether it is the probe; empty when it is not let in.
    ///
    /// @param onlyOne whether nothing else remains: such an attempt is not shut out
    synchronized Optional<Boolean> enter(boolean onlyOne) {
        if (takeProbe()) return Optional.of(true);
        return !open || onlyOne ? Optional.of(false) : Optional.empty();
    }

    /// Takes the place of the probe when the breaker is open and its time has come; true for the one that got it.
    synchronized boolean takeProbe() {
        if (!open || probe != Probe.NONE || nanoTime.getAsLong() - openUntil < 0) return false;
        probe = Probe.ASKED;
        return true;
    }

    /// The probe gets an answer.
    synchronized void probeAnswered() {
        probe = Probe.ANSWERED;
    }

    synchronized void freeProbe() {
        probe = Probe.NONE;
    }

    synchronized void succeeded() {
        failuresInARow = 0;
        open = false;
    }

    /// A failure while open moves the time only when it was the probe's: calls sent before it opened come back late. While
    /// closed, by a success that overtook the probe, every failure is one of a row. True when it opens by that.
    synchronized boolean failed(RoutingPolicy policy, boolean probe) {
        failuresInARow++;
        boolean opens = open ? probe : failuresInARow >= policy.failures();
        if (!opens) return false;
        open = true;
        openUntil = nanoTime.getAsLong() + policy.open().toNanos();
        return true;
    }
}
