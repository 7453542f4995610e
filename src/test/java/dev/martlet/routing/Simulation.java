package dev.martlet.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.martlet.Catalog;
import dev.martlet.Halt;
import dev.martlet.RoutingPolicy;
import dev.martlet.Service;
import dev.martlet.Signal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.DoubleFunction;

/// Calls, targets and routing in virtual time: what would take a minute takes a moment, and comes out the same each time.
/// A call goes the way that the relay goes with it.
final class Simulation {
    private static final Path REPORTS = Path.of("src/test/resources/golden/routing");

    static final RoutingPolicy POLICY = new RoutingPolicy(3, Duration.ofSeconds(10), 20);

    /// What a target does with an attempt that begins at some second.
    interface Behaviour {
        Reaction at(double second);
    }

    /// @param millis     until it is known what became of the attempt
    /// @param flowMillis how long a good answer flows from then on
    record Reaction(Signal signal, long millis, long flowMillis) {
        Reaction(Signal signal, long millis) {
            this(signal, millis, 0);
        }
    }

    private record Event(long nanos, long number, Runnable what) {}

    /// What happened in a stretch of time; attempts and calls count where they began.
    static final class Tally {
        int calls;
        int good;
        int attempts;
        int refusedByBudget;
        int turnedAway;
        int askedToWait;
        int moved;
        long slowestFailureMillis;
        final Map<String, Integer> byTarget = new LinkedHashMap<>();

        double attemptsPerCall() {
            return calls == 0 ? 0 : (double) attempts / calls;
        }
    }

    private final Random random = new Random(7);
    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::nanos).thenComparingLong(Event::number));
    private final Map<String, Behaviour> targets = new LinkedHashMap<>();
    private final Map<String, Integer> inFlight = new LinkedHashMap<>();
    private final Map<String, Integer> inFlightMost = new LinkedHashMap<>();
    private final List<Tally> tallies = new ArrayList<>();
    private final int stretchSeconds;
    private final int placesMax;
    private final Router router;
    private final Map<Long, String> homes = new HashMap<>();
    private DoubleFunction<Catalog> configured = _ -> catalog();
    private boolean byModel;
    private int conversations;
    private int calls;
    private int inside;
    private long nanos;
    private long number;

    /// @param stretchSeconds how long a stretch of the report is
    Simulation(int stretchSeconds) {
        this(stretchSeconds, Integer.MAX_VALUE);
    }

    /// @param placesMax calls that may be under way at the same time; one above them is turned away
    Simulation(int stretchSeconds, int placesMax) {
        this.stretchSeconds = stretchSeconds;
        this.placesMax = placesMax;
        this.router = new Router(random, () -> nanos, placesMax);
    }

    Simulation with(String name, Behaviour behaviour) {
        targets.put(name, behaviour);
        inFlightMost.put(name, 0);
        return this;
    }

    /// Routes the calls by model, over the channels of the catalog that is in force when they begin.
    Simulation byModel(DoubleFunction<Catalog> catalog) {
        byModel = true;
        configured = catalog;
        return this;
    }

    /// Makes each call part of one of so many conversations.
    Simulation conversations(int number) {
        conversations = number;
        return this;
    }

    private Plan plan(OptionalLong conversation) {
        Catalog catalog = configured.apply(nanos / 1e9);
        return byModel ? router.plan(catalog, World.asked("m", conversation), World.ANYBODY) : router.plan(catalog);
    }

    /// Lets calls begin, evenly, and runs until all have ended.
    Simulation run(int callsPerSecond, int seconds) {
        for (int i = 0; i < callsPerSecond * seconds; i++) at(i * 1_000_000_000L / callsPerSecond, this::come);
        return finish();
    }

    /// Lets so many calls begin in the same instant.
    Simulation burst(double second, int calls) {
        for (int i = 0; i < calls; i++) at((long) (second * 1e9), this::come);
        return this;
    }

    private void come() {
        if (inside < placesMax) new Call().next();
        else tally(nanos).turnedAway++;
    }

    Simulation finish() {
        for (Event event = events.poll(); event != null; event = events.poll()) {
            nanos = event.nanos();
            event.what().run();
        }
        return this;
    }

    List<Tally> tallies() {
        return tallies;
    }

    Tally sum() {
        Tally sum = new Tally();
        for (Tally tally : tallies) {
            sum.calls += tally.calls;
            sum.good += tally.good;
            sum.attempts += tally.attempts;
            sum.refusedByBudget += tally.refusedByBudget;
            sum.turnedAway += tally.turnedAway;
            sum.askedToWait += tally.askedToWait;
            sum.moved += tally.moved;
            sum.slowestFailureMillis = Math.max(sum.slowestFailureMillis, tally.slowestFailureMillis);
            tally.byTarget.forEach((name, count) -> sum.byTarget.merge(name, count, Integer::sum));
        }
        return sum;
    }

    /// The most attempts that were under way on a target at the same time.
    int inFlightMost(String name) {
        return inFlightMost.getOrDefault(name, 0);
    }

    /// A line for each stretch, and one for all.
    String report(String title) {
        StringBuilder out = new StringBuilder(title).append("\n\n");
        out.append(" seconds |  calls |   good | attempts/call | over budget | slowest failure | attempts\n");
        for (int i = 0; i < tallies.size(); i++) {
            line(
                    out,
                    String.format(Locale.ROOT, "%3d-%-3d", i * stretchSeconds, (i + 1) * stretchSeconds),
                    tallies.get(i));
        }
        line(out, "    all", sum());
        out.append("\nmost at the same time: ").append(inFlightMost).append('\n');
        if (placesMax < Integer.MAX_VALUE) out.append("turned away: ").append(sum().turnedAway).append('\n');
        if (sum().askedToWait > 0) out.append("asked to wait: ").append(sum().askedToWait).append('\n');
        if (conversations > 0) out.append(conversations + " conversations, moved: " + sum().moved).append('\n');
        return out.toString();
    }

    /// Compares the report with the one under version control; `-Dgolden=write` rewrites that, and the diff is the review.
    ///
    /// @param title what happens, and what is to be seen
    void compare(String name, String title) throws IOException {
        Path file = REPORTS.resolve(name + ".txt");
        String text = report(title);
        if ("write".equals(System.getProperty("golden"))) Files.writeString(file, text);
        assertEquals(Files.exists(file) ? Files.readString(file) : "no " + file, text);
    }

    private static void line(StringBuilder out, String when, Tally tally) {
        out.append(
                String.format(
                        Locale.ROOT,
                        " %7s | %6d | %6d | %13.2f | %11d | %12d ms | %s%n",
                        when,
                        tally.calls,
                        tally.good,
                        tally.attemptsPerCall(),
                        tally.refusedByBudget,
                        tally.slowestFailureMillis,
                        tally.byTarget));
    }

    private void at(long when, Runnable what) {
        events.add(new Event(when, number++, what));
    }

    private Tally tally(long when) {
        int stretch = (int) (when / 1_000_000_000L / stretchSeconds);
        while (tallies.size() <= stretch) {
            Tally tally = new Tally();
            targets.keySet().forEach(name -> tally.byTarget.put(name, 0));
            tallies.add(tally);
        }
        return tallies.get(stretch);
    }

    private Catalog catalog() {
        List<Service> pool = targets.keySet().stream().map(name -> new Service(name, Pool.target(name))).toList();
        return new Catalog(pool, "", POLICY, List.of());
    }

    /// One call, step by step as in `relay.Relay`.
    private final class Call {
        private final long began = nanos;
        private final Tally tally = tally(nanos);
        private final OptionalLong conversation =
                conversations == 0 ? OptionalLong.empty() : OptionalLong.of(calls++ % conversations);
        private final Plan plan = plan(conversation);

        Call() {
            tally.calls++;
            inside++;
        }

        void next() {
            plan.next().ifPresentOrElse(this::begin, () -> end(false));
        }

        private void begin(Lease lease) {
            Attempt attempt = lease.attempt();
            tally.attempts++;
            tally.byTarget.merge(attempt.name(), 1, Integer::sum);
            int now = inFlight.merge(attempt.name(), 1, Integer::sum);
            inFlightMost.merge(attempt.name(), now, Math::max);
            Behaviour behaviour = targets.getOrDefault(attempt.name(), _ -> new Reaction(new Signal.Good(200), 0));
            Reaction reaction = behaviour.at(nanos / 1e9);
            at(nanos + reaction.millis() * 1_000_000, () -> judge(lease, reaction));
        }

        private void judge(Lease lease, Reaction reaction) {
            Verdict verdict = plan.judge(lease, reaction.signal(), Again.FREELY);
            if (verdict == Verdict.DELIVER && reaction.flowMillis() > 0) {
                plan.answered();
                lease.answered();
                at(nanos + reaction.flowMillis() * 1_000_000, () -> settle(lease, reaction.signal(), verdict));
            } else {
                settle(lease, reaction.signal(), verdict);
            }
        }

        private void settle(Lease lease, Signal signal, Verdict verdict) {
            inFlight.merge(lease.attempt().name(), -1, Integer::sum);
            lease.learn(signal);
            lease.close();
            if (verdict == Verdict.NEXT) at(nanos + plan.pause().toNanos(), this::next);
            else end(signal instanceof Signal.Good);
            if (conversation.isPresent()) home(lease.attempt().name());
        }

        /// Where the conversation is at home from now on.
        private void home(String name) {
            String before = homes.put(conversation.getAsLong(), name);
            if (before != null && !before.equals(name)) tally.moved++;
        }

        private void end(boolean good) {
            if (plan.halted().equals(Optional.of(Halt.RETRY_BUDGET))) tally.refusedByBudget++;
            if (!good && plan.throttled()) tally.askedToWait++;
            plan.close();
            inside--;
            if (good) tally.good++;
            else tally.slowestFailureMillis = Math.max(tally.slowestFailureMillis, (nanos - began) / 1_000_000);
        }
    }
}
