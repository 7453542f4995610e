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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/// Makes plans and remembers how targets fared; the memory outlives a change of the catalog.
public final class Router {
    private record Place(String origin, String basePath) {
        static Place of(Target target) {
            return new Place(target.origin(), target.basePath());
        }
    }

    /// A target that no catalog has had for so long is forgotten.
    private static final long FORGOTTEN_NANOS = TimeUnit.HOURS.toNanos(1);

    /// Of catalogs that change faster than that, the targets that were looked at last are remembered.
    static final int BREAKERS_MAX = 4096;

    private final RandomGenerator random;
    private final LongSupplier nanoTime;
    private final ConcurrentMap<Place, Breaker> breakers = new ConcurrentHashMap<>();
    private final RetryBudget budget = new RetryBudget();

    /// @param nanoTime a clock that never goes back, in nanoseconds
    public Router(RandomGenerator random, LongSupplier nanoTime) {
        this.random = random;
        this.nanoTime = nanoTime;
    }

    /// The services of the pool in random order, those with an open breaker left out; when all are open, one of them.
    public Plan plan(Catalog catalog) {
        List<Service> shuffled = new ArrayList<>(catalog.pool());
        Collections.shuffle(shuffled, Random.from(random));
        List<Service> chosen = shuffled.stream().filter(service -> breaker(service.target()).admits()).toList();
        if (chosen.isEmpty() && !shuffled.isEmpty()) chosen = List.of(shuffled.getFirst());
        List<Service> taken = chosen;
        List<String> leftOut =
                shuffled.stream().filter(service -> !taken.contains(service)).map(Service::name).toList();
        return new Plan(taken.stream().map(service -> new Attempt(service.name(), service.target())).toList(), leftOut);
    }

    /// Registers an attempt that is about to be made; empty when its breaker has opened since the plan was made, or
    /// another call is the probe.
    ///
    /// @param last whether the call has tried nothing, and nothing else remains: such an attempt is never shut out
    public Optional<Lease> lease(Attempt attempt, RoutingPolicy policy, boolean last) {
        Breaker breaker = breaker(attempt.target());
        boolean probe = breaker.takeProbe();
        boolean shutOut = breaker.isOpen() && !probe && !last;
        return shutOut ? Optional.empty() : Optional.of(new Lease(breaker, policy, probe));
    }

    /// What a call may try beyond its first attempt.
    public Retries retries(RoutingPolicy policy) {
        return new Retries(this, policy, budget, random);
    }

    boolean admits(Attempt attempt) {
        return breaker(attempt.target()).admits();
    }

    boolean isFailing(Attempt attempt) {
        return breaker(attempt.target()).isFailing();
    }

    /// How many services of the pool have a breaker that is not open.
    public int healthy(Catalog catalog) {
        return (int) catalog.pool().stream().filter(service -> !breaker(service.target()).isOpen()).count();
    }

    /// How long until the first service may be tried again, when all are shut out; empty when one is not, or none is there.
    public Optional<Duration> reopens(Catalog catalog) {
        List<Condition> conditions = conditions(catalog);
        boolean shutOut = conditions.stream().allMatch(condition -> condition.state() == Condition.State.OPEN);
        if (!shutOut) return Optional.empty();
        return conditions.stream().flatMap(condition -> condition.untilProbe().stream()).min(Duration::compareTo);
    }

    /// How each service of the pool fares, in the order of the catalog.
    public List<Condition> conditions(Catalog catalog) {
        return catalog.pool().stream().map(service -> breaker(service.target()).condition(service.name())).toList();
    }

    private Breaker breaker(Target target) {
        Place place = Place.of(target);
        Breaker known = breakers.get(place);
        Breaker breaker = known == null ? introduced(place) : known;
        breaker.touch();
        return breaker;
    }

    private Breaker introduced(Place place) {
        breakers.values().removeIf(breaker -> breaker.unusedNanos() > FORGOTTEN_NANOS);
        if (breakers.size() >= BREAKERS_MAX) {
            breakers.entrySet().stream()
                    .max(Comparator.comparingLong(one -> one.getValue().unusedNanos()))
                    .ifPresent(oldest -> breakers.remove(oldest.getKey(), oldest.getValue()));
        }
        return breakers.computeIfAbsent(place, _ -> new Breaker(nanoTime));
    }

    /// How many targets are remembered.
    int remembered() {
        return breakers.size();
    }
}
