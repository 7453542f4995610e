package dev.martlet.routing;

import dev.martlet.Catalog;
import dev.martlet.RoutingPolicy;
import dev.martlet.Service;
import dev.martlet.Signal;
import dev.martlet.Target;
import dev.martlet.Timeouts;
import dev.martlet.Trust;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/// Services in a known order, and the router that knows them.
final class Pool {
    static final RoutingPolicy POLICY = new RoutingPolicy(1_000, Duration.ofSeconds(30), 20);

    final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5); // a clock that wraps around, as System.nanoTime may
    final Router router = new Router(new Random(1), nanos::get, 1000);
    final List<Service> services;
    private final Random random = new Random(2);
    private final RetryBudget budget = new RetryBudget();

    Pool(String... names) {
        services = Stream.of(names).map(name -> new Service(name, target(name))).toList();
    }

    /// A plan that takes them in their order.
    Plan plan() {
        Retries retries = new Retries(budget, POLICY.retryPercent(), random);
        return new PoolPlan(router, new Catalog(services, "", POLICY, List.of()), services, retries);
    }

    Optional<Lease> lease(String name, RoutingPolicy policy, boolean last) {
        Service service = services.stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
        return router.lease(service, policy, last);
    }

    void learn(String name, Signal signal, int times, RoutingPolicy policy) {
        for (int i = 0; i < times; i++) {
            try (Lease lease = lease(name, policy, true).orElseThrow()) {
                lease.learn(signal);
            }
        }
    }

    static Target target(String name) {
        Duration minute = Duration.ofMinutes(1);
        Timeouts timeouts = new Timeouts(minute, minute, minute, minute);
        return new Target(true, name + ".example", 443, "", Trust.PUBLIC, Optional.empty(), timeouts);
    }
}
