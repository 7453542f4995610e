package dev.martlet.routing;

/// An attempt on a service that the caller named: it holds a place with the service and one in the lane. Such a service is
/// never shut out, for there is no other in its place.
final class LaneLease extends Lease {
    private final Known known;
    private final Bulkhead.Compartment lane;

    /// Takes over places that were entered.
    LaneLease(Attempt.InLane attempt, Known known, Bulkhead.Compartment lane) {
        super(attempt);
        this.known = known;
        this.lane = lane;
    }

    @Override
    void succeeded() {
        known.share().add(true);
    }

    @Override
    void failed() {
        known.share().add(false);
    }

    @Override
    void leave() {
        lane.leave();
        known.compartment().leave();
    }
}
