package dev.martlet.routing;

import dev.martlet.Halt;
import dev.martlet.LeftOut;
import dev.martlet.Signal;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The walk of one call over those that may answer it: who comes next, whether anybody does, and who was passed over. Open
/// for as long as the call is under way; for one thread.
public abstract sealed class Plan implements AutoCloseable permits ChannelPlan, PoolPlan, ServicePlan {
    final Retries retries;
    private Optional<Halt> halted = Optional.empty();

    Plan(Retries retries) {
        this.retries = retries;
    }

    /// The next attempt, its places taken; empty when there is nothing left.
    public abstract Optional<Lease> next();

    /// What follows from a signal (`product.md`, section 4, "Judge"): for [Verdict#NEXT] an attempt is left, and may be made.
    ///
    /// @param again whether the call can be sent once more, as things stand after this attempt
    public abstract Verdict judge(Lease lease, Signal signal, Again again);

    /// How long to wait before the attempt that comes next.
    public Duration pause() {
        return retries.pause();
    }

    /// The attempt under way has its answer: however long that flows, it weighs on nobody as a retry.
    public final void answered() {
        retries.answered();
    }

    /// Why nothing followed the last attempt, although something was left.
    public final Optional<Halt> halted() {
        return halted;
    }

    /// Who was passed over and why; found out when asked.
    public abstract List<LeftOut> leftOut();

    /// How long until the first of all may be tried again, when all are shut out; empty when one is not, or none is there.
    public abstract Optional<Duration> reopens();

    /// Whether it is only that everybody who was asked wants to be asked later. A raw call gets a 429 as it came.
    public boolean throttled() {
        return false;
    }

    /// Whether it is only that nobody who was asked has the model. A raw call asks for none.
    public boolean modelUnknown() {
        return false;
    }

    final void halt(Halt why) {
        halted = Optional.of(why);
    }

    @Override
    public final void close() {
        retries.close();
    }
}
