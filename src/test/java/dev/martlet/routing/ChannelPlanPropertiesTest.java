package dev.martlet.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.martlet.Cause;
import dev.martlet.Halt;
import dev.martlet.RoutingPolicy.Strategy;
import dev.martlet.Signal;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/// Laws that hold for every call, over channels, troubles and histories by chance.
class ChannelPlanPropertiesTest {
    private static final Signal[] SIGNALS = {
        World.GOOD,
        new Signal.Refused(400),
        new Signal.Unreachable(Cause.DNS),
        new Signal.Broken(Cause.RESET),
        new Signal.Failed(503),
        new Signal.Failed(501),
        new Signal.Throttled(Optional.empty(), false),
        new Signal.Throttled(Optional.empty(), true),
        new Signal.KeyRefused(401),
        new Signal.KeyForbidden(403),
        new Signal.ModelUnknown(404),
        new Signal.Postponed(408),
        new Signal.Nonsense(Cause.HTML),
        new Signal.Busy()
    };

    @Test
    void everyCallKeepsTheLaws() {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            World world = world(random);
            for (int call = 0; call < 40; call++) {
                world.pass(Duration.ofSeconds(random.nextInt(30)));
                check(world, random, "seed " + seed + ", call " + call);
            }
            String where = "seed " + seed;
            world.router.channels(world.catalog()).forEach(one -> assertEquals(0, one.load().inFlight(), where));
        }
    }

    private static World world(Random random) {
        World world = new World();
        world.strategy = List.of(Strategy.values()).get(random.nextInt(3));
        world.attempts = 1 + random.nextInt(4);
        world.failures = 1 + random.nextInt(3);
        world.fallbacks = random.nextBoolean() ? Map.of("m", List.of("other")) : Map.of();
        return world.configure(
                IntStream.rangeClosed(0, random.nextInt(6)).mapToObj(i -> channel(i, random)).toArray(Given[]::new));
    }

    private static Given channel(int number, Random random) {
        String[] keys =
                IntStream.rangeClosed(0, random.nextInt(4))
                        .mapToObj(i -> i + ":" + (1 + random.nextInt(5)))
                        .toArray(String[]::new);
        Given channel =
                Given.channel("c" + number).keys(keys).priority(random.nextInt(3)).weight(1 + random.nextInt(9));
        return random.nextInt(4) == 0 ? channel.concurrency(1 + random.nextInt(2)) : channel;
    }

    private static void check(World world, Random random, String where) {
        Set<String> asked = new HashSet<>();
        Set<String> over = new HashSet<>();
        List<String> failed = new ArrayList<>();
        Plan plan = random.nextBoolean() ? world.plan() : world.plan(random.nextInt(20));
        try (plan) {
            boolean well = world.leftOut().isEmpty();
            Verdict verdict = Verdict.NEXT;
            for (Optional<Lease> place = plan.next(); place.isPresent(); place = plan.next()) {
                assertEquals(Verdict.NEXT, verdict, where);
                Signal signal = SIGNALS[random.nextInt(SIGNALS.length)];
                try (Lease lease = place.get()) {
                    String name = lease.attempt().name();
                    assertFalse(over.contains(name), () -> where + ": " + name + " again");
                    assertTrue(asked.add(name + model(lease)), () -> where + ": " + name + " twice");
                    boolean ofModel = signal instanceof Signal.ModelUnknown || signal instanceof Signal.KeyForbidden;
                    if (!ofModel) over.add(name);
                    String channel = name.substring(0, name.indexOf('/'));
                    boolean counts =
                            Ruling.of(signal).blame() == Ruling.Blame.CHANNEL && !(signal instanceof Signal.Busy);
                    if (counts && !failed.contains(channel)) failed.add(channel);
                    verdict = plan.judge(lease, signal, Again.FREELY);
                    lease.learn(signal);
                }
                Optional<Halt> halted = plan.halted();
                boolean goodEnds = verdict == Verdict.DELIVER;
                assertEquals(signal instanceof Signal.Good || signal instanceof Signal.Refused, goodEnds, where);
                if (verdict == Verdict.NEXT) assertTrue(halted.isEmpty(), where);
            }
            assertTrue(failed.size() <= world.attempts, () -> where + ": " + failed);
            if (well) assertFalse(asked.isEmpty(), where + ": nobody was asked");
        }
    }

    private static String model(Lease lease) {
        return lease.attempt() instanceof Attempt.OfChannel channel ? " " + channel.model() : "";
    }
}
