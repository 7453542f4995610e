package dev.martlet.routing;

import dev.martlet.Ending;
import dev.martlet.Signal;

/// One attempt under way. What it learns is remembered; closing it frees its places on every path, that of a probe too.
public abstract sealed class Lease implements AutoCloseable permits ChannelLease, LaneLease, ServiceLease {
    private final Attempt attempt;
    private boolean closed;

    Lease(Attempt attempt) {
        this.attempt = attempt;
    }

    public final Attempt attempt() {
        return attempt;
    }

    /// The attempt gets an answer, which is about to be delivered; how that ends is learned later.
    public void answered() {}

    /// An attempt that delivered nothing, or whose answer is about to be delivered.
    public void learn(Signal signal) {
        switch (signal.health()) {
            case WELL -> succeeded();
            case SICK -> failed();
            case UNKNOWN -> {}
        }
    }

    /// How the delivery of a good answer ended: only an upstream that broke it off is at fault.
    public final void learn(Ending ending) {
        switch (ending) {
            case UPSTREAM_CUT, UPSTREAM_IDLE -> failed();
            case COMPLETE -> succeeded();
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
                    SIZE_LIMIT,
                    BUG -> {}
        }
    }

    abstract void succeeded();

    abstract void failed();

    abstract void leave();

    @Override
    public final void close() {
        if (closed) return;
        closed = true;
        leave();
    }
}
