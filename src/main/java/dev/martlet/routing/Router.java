package dev.martlet.routing;

import dev.martlet.Catalog;
import dev.martlet.Condition;
import dev.martlet.RoutingPolicy;
import dev.martlet.Service;
import dev.martlet.Target;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/// Makes plans and remembers how targets fared; the memory outlives a change of the catalog.
public final class Router {
    private record Address(String origin, String basePath) {
        static Address of(Target target) {
            return new Address(target.origin(), target.basePath());
        }
    }

    /// A target that no catalog has had for so long is forgotten.
    private static final long FORGOTTEN_NANOS = TimeUnit.HOURS.toNanos(1);

    /// Of catalogs that change faster than that, the targets that were looked at last are remembered.
    static final int KNOWN_MAX = 4096;

    private final RandomGenerator random;
    private final LongSupplier nanoTime;
    private final Bulkhead bulkhead;
    private final ConcurrentMap<Address, Known> targets = new ConcurrentHashMap<>();
    private final RetryBudget budget = new RetryBudget();

    /// @param nanoTime  a clock that never goes back, in nanoseconds
    /// @param placesMax calls that may be under way at the same time
    public Router(RandomGenerator random, LongSupplier nanoTime, int placesMax) {
        this.random = random;
        this.nanoTime = nanoTime;
        this.bulkhead = new Bulkhead(placesMax);
    }

    /// The services of the pool in random order, the crowded ones behind the others, those with an open breaker left out;
    /// when all are open, one of them.
    public Plan plan(Catalog catalog) {
        List<Service> shuffled = new ArrayList<>(catalog.pool());
        Collections.shuffle(shuffled, Random.from(random));
        Set<Service> crowded = shuffled.stream().filter(this::isCrowded).collect(Collectors.toSet());
        shuffled.sort(Comparator.comparing(crowded::contains));
        List<Service> chosen = shuffled.stream().filter(service -> breaker(service.target()).admits()).toList();
        if (chosen.isEmpty() && !shuffled.isEmpty()) chosen = List.of(shuffled.getFirst());
        return new PoolPlan(this, catalog, chosen, retries(catalog.routing()));
    }

    /// Registers an attempt that is about to be made; empty when the breaker has opened since the plan was made, or
    /// another call is the probe.
    ///
    /// @param last whether the call has tried nothing, and nothing else remains: such an attempt is never shut out
    Optional<Lease> lease(Service service, RoutingPolicy policy, boolean last) {
        Known known = known(service.target());
        Breaker breaker = known.breaker();
        boolean probe = breaker.takeProbe();
        boolean shutOut = breaker.isOpen() && !probe && !last;
        return shutOut ? Optional.empty() : Optional.of(new ServiceLease(service, known, policy, probe));
    }

    private Retries retries(RoutingPolicy policy) {
        return new Retries(budget, policy.retryPercent(), random);
    }

    boolean admits(Service service) {
        return breaker(service.target()).admits();
    }

    boolean isFailing(Service service) {
        return known(service.target()).share().isFailing();
    }

    /// How many services of the pool have a breaker that is not open.
    public int healthy(Catalog catalog) {
        return (int) catalog.pool().stream().filter(service -> !breaker(service.target()).isOpen()).count();
    }

    /// How long until the first service may be tried again, when all are shut out; empty when one is not, or none is there.
    Optional<Duration> reopens(Catalog catalog) {
        List<Condition> conditions = conditions(catalog);
        boolean shutOut = conditions.stream().allMatch(condition -> condition.state() == Condition.State.OPEN);
        if (!shutOut) return Optional.empty();
        return conditions.stream().flatMap(condition -> condition.untilProbe().stream()).min(Duration::compareTo);
    }

    /// How each service of the pool fares, in the order of the catalog.
    public List<Condition> conditions(Catalog catalog) {
        return catalog.pool().stream().map(this::condition).toList();
    }

    private Condition condition(Service service) {
        Known known = known(service.target());
        return known.breaker().condition(service.name(), known.compartment().load());
    }

    private boolean isCrowded(Service service) {
        return known(service.target()).compartment().isCrowded();
    }

    private Breaker breaker(Target target) {
        return known(target).breaker();
    }

    private Known known(Target target) {
        Address address = Address.of(target);
        Known before = targets.get(address);
        Known known = before == null ? introduced(address) : before;
        known.touch();
        return known;
    }

    private Known introduced(Address address) {
        targets.values().removeIf(known -> known.unusedNanos() > FORGOTTEN_NANOS);
        if (targets.size() >= KNOWN_MAX) {
            targets.entrySet().stream()
                    .max(Comparator.comparingLong(one -> one.getValue().unusedNanos()))
                    .ifPresent(oldest -> targets.remove(oldest.getKey(), oldest.getValue()));
        }
        return targets.computeIfAbsent(address, _ -> new Known(nanoTime, bulkhead.compartment()));
    }

    /// How many targets are remembered.
    int remembered() {
        return targets.size();
    }
}
