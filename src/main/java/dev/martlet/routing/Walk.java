package dev.martlet.routing;

import dev.martlet.Channel;
import dev.martlet.Channels.Tier;
import dev.martlet.LeftOut;
import dev.martlet.RoutingPolicy.Strategy;
import dev.martlet.routing.Field.Course;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/// The order in which one call meets its candidates: tier by tier, channels by weight, keys by strategy, each once; and then
/// the same for each model that stands in for the first.
final class Walk {
    /// What nobody knows the end of comes after what somebody does; a probe has one, a dead key has none.
    private static final Duration PROBED = Duration.ofDays(364);

    private static final Duration NO_END = Duration.ofDays(365);

    private final Field field;
    private final Memory memory;
    private final Strategy strategy;
    private final OptionalLong affinity;
    private final RandomGenerator random;
    private final List<Use> used = new ArrayList<>(2);
    private final List<Route> left = new ArrayList<>(2);
    private final Map<String, Ring> callersRings = new HashMap<>(2);

    /// @param ofModel whether that rules the key out only on the way to the same model
    private record Use(Candidate candidate, boolean ofModel) {
        boolean rulesOut(Ring.Slot slot, Route route) {
            return candidate.slot().memory() == slot.memory() && (!ofModel || candidate.route().isSameAs(route));
        }
    }

    Walk(Field field, Memory memory, Strategy strategy, OptionalLong affinity, RandomGenerator random) {
        this.field = field;
        this.memory = memory;
        this.strategy = strategy;
        this.affinity = affinity;
        this.random = random;
    }

    /// This key of this channel is not met again.
    void use(Candidate candidate) {
        used.add(new Use(candidate, false));
    }

    /// That it failed was a matter of the model: on the way to another one this key of this channel may be met again.
    void blameModel(Candidate candidate) {
        used.replaceAll(use -> use.candidate().equals(candidate) ? new Use(candidate, true) : use);
    }

    /// This channel is not met again on the way to the same model.
    void leave(Route route) {
        left.add(route);
    }

    private boolean isUsed(Ring.Slot slot, Route route) {
        for (Use use : used) {
            if (use.rulesOut(slot, route)) return true;
        }
        return false;
    }

    private boolean isLeft(Route route) {
        return left.stream().anyMatch(route::isSameAs);
    }

    private Route route(Channel channel, Course course) {
        ChannelMemory known = memory.of(channel, field.channels());
        Ring ring =
                field.callersKeys().isEmpty()
                        ? field.ring(channel, known, memory.callersKeys())
                        : callersRings.computeIfAbsent(
                                channel.name(), _ -> field.ring(channel, known, memory.callersKeys()));
        return new Route(channel, known, ring, channel.models().upstream(course.model()));
    }

    /// Another key of the same channel.
    Optional<Candidate> nextKey(Route route, boolean healthy) {
        boolean passedOver = route.isBusy() || !route.hasModel() || (healthy && route.isFailing());
        return passedOver ? Optional.empty() : keyOf(route, _ -> true);
    }

    /// The next candidate that is not shut out; of a crowded channel only where there is no other for the same model.
    ///
    /// @param healthy whether only those will do that rarely fail
    Optional<Candidate> next(boolean healthy) {
        return next(healthy, _ -> true);
    }

    /// The same for a call that has failed somewhere already: it is not spent on a probe as long as it has another way. Where
    /// calls are rare, the time of every breaker is over when one comes.
    Optional<Candidate> nextAfterFailure(boolean healthy) {
        return next(healthy, KeyMemory::isClosed).or(() -> next(healthy));
    }

    private Optional<Candidate> next(boolean healthy, Predicate<KeyMemory> keys) {
        Predicate<Route> fits = route -> isOpen(route, keys) && !(healthy && route.isFailing());
        Predicate<Route> roomy = fits.and(route -> !route.isCrowded());
        for (Course course : field.courses()) {
            Optional<Candidate> found = next(course, roomy, keys).or(() -> next(course, fits, keys));
            if (found.isPresent()) return found;
        }
        return Optional.empty();
    }

    private Optional<Candidate> next(Course course, Predicate<Route> fits, Predicate<KeyMemory> keys) {
        for (Tier tier : course.tiers()) {
            Optional<Candidate> found = next(course, tier, fits, keys);
            if (found.isPresent()) return found;
        }
        return Optional.empty();
    }

    private Optional<Candidate> next(Course course, Tier tier, Predicate<Route> fits, Predicate<KeyMemory> keys) {
        Line<Channel> line = new Line.OfTier(tier);
        Predicate<Channel> free = channel -> field.counts(channel) && fits.test(route(channel, course));
        Optional<Channel> channel =
                affinity.isPresent()
                        ? Choice.belonging(line, affinity.getAsLong(), free)
                        : Choice.drawn(line, () -> random.nextLong(line.length()), random, free);
        return channel.flatMap(one -> keyOf(route(one, course), keys));
    }

    private boolean isOpen(Route route, Predicate<KeyMemory> keys) {
        return !isLeft(route) && !route.isBusy() && route.hasModel() && route.hasKey(isFree(route, keys));
    }

    private Predicate<Ring.Slot> isFree(Route route, Predicate<KeyMemory> keys) {
        return slot -> !isUsed(slot, route) && keys.test(slot.memory()) && slot.memory().shut(route.model()).isEmpty();
    }

    private Optional<Candidate> keyOf(Route route, Predicate<KeyMemory> keys) {
        Ring ring = route.ring();
        Predicate<Ring.Slot> free = isFree(route, keys);
        Optional<Ring.Slot> slot =
                affinity.isPresent()
                        ? Choice.belonging(ring, affinity.getAsLong(), free)
                        : switch (strategy) {
                            case ROUND_ROBIN ->
                                    Choice.drawn(ring, () -> ring.place(route.memory().nextTurn()), random, free);
                            case RANDOM -> Choice.drawn(ring, () -> random.nextLong(ring.length()), random, free);
                            case LEAST_CONNECTIONS -> idlest(route, free);
                        };
        return slot.map(one -> new Candidate(route, one));
    }

    /// The key with the fewest attempts under way for its weight; of several that whose turn comes next.
    private static Optional<Ring.Slot> idlest(Route route, Predicate<Ring.Slot> free) {
        Ring ring = route.ring();
        List<Ring.Slot> slots = ring.all();
        int first = (int) Math.floorMod(route.memory().nextTurn(), (long) slots.size());
        Optional<Ring.Slot> best = Optional.empty();
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < slots.size(); i++) {
            Ring.Slot slot = slots.get((first + i) % slots.size());
            double load = (double) slot.memory().inFlight() / ring.weight(slot);
            if (load >= least || !free.test(slot)) continue;
            best = Optional.of(slot);
            least = load;
        }
        return best;
    }

    /// When all are shut out: the one that will not be soonest, by the second; one of several by chance. None at its limit.
    Optional<Candidate> last() {
        Optional<Candidate> best = Optional.empty();
        long least = Long.MAX_VALUE;
        int equal = 0;
        for (Candidate candidate : all()) {
            Optional<Shut> shut = candidate.shut();
            if (candidate.route().isBusy()) continue;
            long wait = shut.map(Walk::wait).orElse(Duration.ZERO).toSeconds();
            if (wait > least) continue;
            equal = wait < least ? 1 : equal + 1;
            least = wait;
            if (random.nextInt(equal) == 0) best = Optional.of(candidate);
        }
        return best;
    }

    private static Duration wait(Shut shut) {
        return shut.left().orElse(shut.isProbed() ? PROBED : NO_END);
    }

    private List<Candidate> all() {
        List<Candidate> all = new ArrayList<>();
        for (Route route : routes()) {
            for (Ring.Slot slot : route.ring().all()) all.add(new Candidate(route, slot));
        }
        return all;
    }

    /// The ways through all channels that count.
    private List<Route> routes() {
        List<Route> routes = new ArrayList<>();
        for (Course course : field.courses()) {
            for (Channel channel : course.channels()) {
                if (field.counts(channel)) routes.add(route(channel, course));
            }
        }
        return routes;
    }

    /// Whether every channel that counts is at its limit.
    boolean isBusy() {
        List<Route> routes = routes();
        return !routes.isEmpty() && routes.stream().allMatch(Route::isBusy);
    }

    /// How long until the first candidate is no longer shut out; empty when one is not, or nobody knows.
    Optional<Duration> reopens() {
        Optional<Duration> soonest = Optional.empty();
        for (Candidate candidate : all()) {
            Optional<Shut> shut = candidate.shut();
            if (shut.isEmpty()) return Optional.empty();
            Optional<Duration> left = shut.get().left();
            boolean sooner = left.isPresent() && (soonest.isEmpty() || left.get().compareTo(soonest.get()) < 0);
            if (sooner) soonest = left;
        }
        return soonest;
    }

    /// Who was passed over, and why: not those who were tried.
    List<LeftOut> leftOut() {
        Set<LeftOut> leftOut = new LinkedHashSet<>();
        for (Course course : field.courses()) {
            for (Channel channel : course.channels()) {
                Optional<String> outside = field.outside(channel);
                outside.ifPresent(why -> leftOut.add(new LeftOut(channel.name(), why)));
                if (outside.isEmpty()) leftOut.addAll(leftOut(route(channel, course)));
            }
        }
        return List.copyOf(leftOut);
    }

    private List<LeftOut> leftOut(Route route) {
        Optional<Shut> whole = route.shut();
        boolean tried = route.hasKey(slot -> isUsed(slot, route));
        if (whole.isPresent())
            return tried ? List.of() : List.of(new LeftOut(route.channel().name(), whole.get().why()));
        List<LeftOut> keys = new ArrayList<>();
        for (Ring.Slot slot : route.ring().all()) {
            if (isUsed(slot, route)) continue;
            String name = new Candidate(route, slot).name();
            slot.memory().shut(route.model()).ifPresent(shut -> keys.add(new LeftOut(name, shut.why())));
        }
        return keys;
    }

    /// The candidates in the order in which this walk would meet them now, all keys of a channel in a row. Walks to the end.
    List<String> order() {
        List<String> names = new ArrayList<>();
        for (Optional<Candidate> first = next(false); first.isPresent(); first = next(false)) {
            Route route = first.get().route();
            for (Optional<Candidate> one = first; one.isPresent(); one = nextKey(route, false)) {
                names.add(one.get().name());
                use(one.get());
            }
            leave(route);
        }
        if (names.isEmpty()) last().ifPresent(one -> names.add(one.name()));
        return names;
    }
}
