package dev.martlet.routing;

import java.util.function.LongSupplier;

/// What is remembered of a service of the pool.
final class Known {
    private final LongSupplier nanoTime;
    private final Breaker breaker;
    private final SuccessShare share;
    private final Bulkhead.Compartment compartment;
    private volatile long touchedAt;

    Known(LongSupplier nanoTime, Bulkhead.Compartment compartment) {
        this.nanoTime = nanoTime;
        this.breaker = new Breaker(nanoTime);
        this.share = new SuccessShare(nanoTime);
        this.compartment = compartment;
        this.touchedAt = nanoTime.getAsLong();
    }

    Breaker breaker() {
        return breaker;
    }

    SuccessShare share() {
        return share;
    }

    Bulkhead.Compartment compartment() {
        return compartment;
    }

    /// Somebody is interested in it.
    void touch() {
        touchedAt = nanoTime.getAsLong();
    }

    /// Nanoseconds since somebody was.
    long unusedNanos() {
        return nanoTime.getAsLong() - touchedAt;
    }
}
