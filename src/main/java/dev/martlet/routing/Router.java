package dev.martlet.routing;

import dev.martlet.Asked;
import dev.martlet.Caller;
import dev.martlet.Catalog;
import dev.martlet.Channel;
import dev.martlet.ChannelCondition;
import dev.martlet.ChannelStates;
import dev.martlet.Condition;
import dev.martlet.KeyCondition;
import dev.martlet.Keys;
import dev.martlet.Lane;
import dev.martlet.LeftOut;
import dev.martlet.NamedService;
import dev.martlet.RoutingPolicy;
import dev.martlet.Service;
import dev.martlet.Target;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

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
    private final Memory memory;
    private final Bulkhead.Compartment edge = new Bulkhead(Integer.MAX_VALUE).compartment();
    private final Bulkhead.Compartment background = new Bulkhead(Integer.MAX_VALUE).compartment();
    private final RetryBudget budget = new RetryBudget();

    /// @param nanoTime  a clock that never goes back, in nanoseconds
    /// @param placesMax calls that may be under way at the same time
    public Router(RandomGenerator random, LongSupplier nanoTime, int placesMax) {
        this.random = random;
        this.nanoTime = nanoTime;
        this.bulkhead = new Bulkhead(placesMax);
        this.memory = new Memory(nanoTime, bulkhead);
    }

    /// The services of the pool in random order, the crowded ones behind the others, those with an open breaker left out;
    /// when all are open, one of them.
    public Plan plan(Catalog catalog) {
        List<Service> ordered = ordered(catalog);
        List<Service> chosen = ordered.stream().filter(service -> breaker(service.target()).admits()).toList();
        if (chosen.isEmpty() && !ordered.isEmpty()) chosen = List.of(ordered.getFirst());
        return new PoolPlan(this, catalog, chosen, retries(catalog.routing()));
    }

    private List<Service> ordered(Catalog catalog) {
        List<Service> shuffled = new ArrayList<>(catalog.pool());
        Collections.shuffle(shuffled, Random.from(random));
        List<Service> ordered = new ArrayList<>(shuffled.size());
        int roomy = 0;
        for (Service service : shuffled) ordered.add(isCrowded(service) ? ordered.size() : roomy++, service);
        return ordered;
    }

    /// One service, as often as its lane allows.
    public Plan plan(Catalog catalog, NamedService service, Lane lane) {
        return new ServicePlan(this, service, lane, catalog.services().lanes(), retries(catalog.routing()));
    }

    /// The channels that may answer a call, and their keys.
    ///
    /// @throws dev.martlet.Refused when no channel takes the model, or none with the keys that the caller may use
    public Plan plan(Catalog catalog, Asked asked, Caller caller) {
        Walk walk = walk(catalog, asked, caller);
        return new ChannelPlan(walk, asked, catalog.routing(), retries(catalog.routing()));
    }

    /// Which channels and keys would answer a call now, in their order, and why the others would not.
    ///
    /// @throws dev.martlet.Refused as [#plan] does
    public Explanation explain(Catalog catalog, Asked asked, Caller caller) {
        Walk walk = walk(catalog, asked, caller);
        List<LeftOut> leftOut = walk.leftOut();
        return new Explanation(walk.order(), leftOut);
    }

    /// What a plan would do.
    ///
    /// @param candidates names of channels with their keys, `channel/key`
    public record Explanation(List<String> candidates, List<LeftOut> leftOut) {}

    private Walk walk(Catalog catalog, Asked asked, Caller caller) {
        Field field = Field.of(catalog.channels(), asked, caller);
        return new Walk(field, memory, catalog.routing().strategy(), asked.affinity(), random);
    }

    /// Forgets all that is held against a key of a channel; false when there is no such key.
    public boolean reset(Catalog catalog, String channel, String key) {
        List<KeyMemory> found =
                catalog.channels().named(channel).stream()
                        .flatMap(one -> slots(catalog, one).stream())
                        .filter(slot -> slot.key().name().equals(key))
                        .map(Ring.Slot::memory)
                        .toList();
        found.forEach(KeyMemory::reset);
        return !found.isEmpty();
    }

    /// How each channel and its keys fare, in the order of the catalog.
    public List<ChannelCondition> channels(Catalog catalog) {
        return catalog.channels().list().stream().map(channel -> condition(catalog, channel)).toList();
    }

    private ChannelCondition condition(Catalog catalog, Channel channel) {
        ChannelMemory known = memory.of(channel, catalog.channels());
        List<Ring.Slot> slots = slots(catalog, channel);
        List<KeyCondition> keys = slots.stream().map(slot -> slot.condition(channel.name())).toList();
        return new ChannelCondition(channel.name(), isUp(channel, known, slots), known.compartment().load(), keys);
    }

    /// How many keys of each channel are in which state, in the order of the catalog.
    public List<ChannelStates> states(Catalog catalog) {
        return catalog.channels().list().stream().map(channel -> states(catalog, channel)).toList();
    }

    private ChannelStates states(Catalog catalog, Channel channel) {
        ChannelMemory known = memory.of(channel, catalog.channels());
        List<Ring.Slot> slots = slots(catalog, channel);
        Map<KeyCondition.State, Integer> keys = new EnumMap<>(KeyCondition.State.class);
        for (Ring.Slot slot : slots) keys.merge(slot.memory().state(), 1, Integer::sum);
        return new ChannelStates(channel.name(), isUp(channel, known, slots), known.compartment().load(), keys);
    }

    private static boolean isUp(Channel channel, ChannelMemory known, List<Ring.Slot> slots) {
        return channel.takesCallersKeys()
                ? !known.share().isFailing()
                : slots.stream().anyMatch(slot -> slot.memory().shut().isEmpty());
    }

    private List<Ring.Slot> slots(Catalog catalog, Channel channel) {
        return switch (channel.keys()) {
            case Keys.Own own -> memory.of(channel, catalog.channels()).ring(own).all();
            case Keys.FromClient _ -> List.of();
        };
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

    /// How many attempts are under way in a lane.
    public int held(Lane lane) {
        return laneOf(lane).held();
    }

    /// The places in a lane.
    Bulkhead.Compartment laneOf(Lane lane) {
        return lane == Lane.EDGE ? edge : background;
    }

    long nanoTime() {
        return nanoTime.getAsLong();
    }

    /// A random factor.
    ///
    /// @param share how far from 1 it may be
    double around(double share) {
        return 1 - share + 2 * share * random.nextDouble();
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
    int healthy(Catalog catalog) {
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

    /// What is remembered of a target.
    Known known(Target target) {
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

    /// How many channels are remembered.
    int channelsRemembered() {
        return memory.remembered();
    }

    /// How many targets are remembered.
    int remembered() {
        return targets.size();
    }
}
