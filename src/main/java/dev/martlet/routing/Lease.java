package dev.martlet.routing;

import dev.martlet.Ending;
import dev.martlet.RoutingPolicy;
import dev.martlet.Signal;

/// One attempt under way. What it learns reaches the breaker; closing it frees its places on every path: in the bulkhead,
/// and that of a probe.
public final class Lease implements AutoCloseable {
    private final Breaker breaker;
    private final Bulkhead.Compartment compartment;
    private final RoutingPolicy policy;
    private final boolean probe;
    private boolean closed;

    Lease(Breaker breaker, Bulkhead.Compartment compartment, RoutingPolicy policy, boolean probe) {
        this.breaker = breaker;
        this.compartment = compartment;
        this.policy = policy;
        this.probe = probe;
        compartment.enter();
    }

    /// An attempt that delivered nothing, or whose answer is about to be delivered.
    public void learn(Signal signal) {
        switch (signal) {
            case Signal.Good _, Signal.Refused _ -> breaker.succeeded();
            case Signal.Failed _, Signal.Unreachable _, Signal.Broken _, Signal.Nonsense _ ->
                    breaker.failed(policy, probe);
            case Signal.Throttled _,
                    Signal.KeyRefused _,
                    Signal.KeyForbidden _,
                    Signal.ModelUnknown _,
                    Signal.Postponed _,
                    Signal.Busy _ -> {}
        }
    }

    /// How the delivery of a good answer ended: only an upstream that broke it off is at fault.
    public void learn(Ending ending) {
        switch (ending) {
            case UPSTREAM_CUT, UPSTREAM_IDLE -> breaker.failed(policy, probe);
            case COMPLETE -> breaker.succeeded();
            case REFUSED,
                    QUEUE_FULL,
                    CLIENT_LEFT_QUEUED,
                    BODY_TIMEOUT,
                    BODY_CUT,
                    CLIENT_LEFT_WAITING,
                    CLIENT_LEFT,
                    CLIENT_STALLED,
                    KILLED,
                    NO_UPSTREAM,
                    TIME_LIMIT,
                    BUG -> {}
        }
    }

    @Override
    public void close() {
        if (closed) return;
        closed = true;
        compartment.leave();
        if (probe) breaker.freeProbe();
    }
}
