package dev.martlet.routing;

import dev.martlet.RoutingPolicy;
import dev.martlet.Service;

/// An attempt on a service of the pool.
final class ServiceLease extends Lease {
    private final Known known;
    private final RoutingPolicy policy;
    private final boolean probe;

    ServiceLease(Service service, Known known, RoutingPolicy policy, boolean probe) {
        super(new Attempt.OfService(service));
        this.known = known;
        this.policy = policy;
        this.probe = probe;
        known.compartment().enter();
    }

    @Override
    void succeeded() {
        known.share().add(true);
        known.breaker().succeeded();
    }

    @Override
    void failed() {
        if (!probe) known.share().add(false);
        known.breaker().failed(policy, probe);
    }

    @Override
    void leave() {
        known.compartment().leave();
        if (probe) known.breaker().freeProbe();
    }
}
