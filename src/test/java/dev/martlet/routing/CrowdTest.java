package dev.martlet.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.martlet.Cause;
import dev.martlet.ChannelCondition;
import dev.martlet.KeyCondition;
import dev.martlet.Signal;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// Many threads at once.
class CrowdTest {
    private static final int CALLERS = 500;

    @RepeatedTest(10)
    @DisplayName("O-9 of 500 that plan at once, exactly one is the probe; the others go elsewhere")
    void oneProbe() {
        World world = new World(Given.channel("a").keys("1"), Given.channel("b").keys("1").priority(1));
        world.failures = 1;
        world.call(new Signal.Unreachable(Cause.REFUSED), World.GOOD);
        for (int i = 0; i < 2; i++) {
            world.pass(Duration.ofSeconds(60));
            assertEquals(CALLERS, letIn(world));
            assertEquals(2 + i, requests(world, "a"), "the place of a probe that learned nothing is free again");
        }
    }

    @RepeatedTest(10)
    @DisplayName("O-9 where there is nothing else, a few more are let in beside the probe, and the others fail fast")
    void besideTheProbe() {
        World world = new World(Given.channel("a").keys("1"));
        world.failures = 1;
        world.call(new Signal.Failed(503));
        world.pass(Duration.ofSeconds(60));
        int letIn = letIn(world);
        assertTrue(letIn >= 4 && letIn <= 1 + CALLERS / 5, letIn + " of " + CALLERS);
    }

    private static long requests(World world, String channel) {
        return world.router.channels(world.catalog()).stream()
                .filter(one -> one.name().equals(channel))
                .flatMap(one -> one.keys().stream())
                .mapToLong(key -> key.counts().requests())
                .sum();
    }

    @Test
    @DisplayName("O-15 a limit of concurrency is never passed")
    void noMoreThanTheLimit() {
        World world = new World(Given.channel("a").keys("1", "2").concurrency(7));
        assertEquals(7, letIn(world));
        assertEquals(0, world.router.channels(world.catalog()).getFirst().load().inFlight());
    }

    @Test
    void allCountsReturnToZero() {
        World world =
                new World(
                        Given.channel("a").keys("1", "2", "3").concurrency(20),
                        Given.channel("b").keys("1", "2"),
                        Given.channel("c").keys("1").priority(1));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < CALLERS; i++) threads.execute(() -> live(world));
        }
        for (ChannelCondition channel : world.router.channels(world.catalog())) {
            assertEquals(0, channel.load().inFlight(), channel.name());
            for (KeyCondition key : channel.keys()) {
                KeyCondition.Counts counts = key.counts();
                assertTrue(counts.requests() > 0);
                assertEquals(counts.requests(), counts.successes() + counts.failures(), key.key());
            }
        }
        world.pass(Duration.ofHours(25));
        try (Plan plan = world.plan()) {
            assertTrue(plan.next().isPresent(), "no probe is left behind");
        }
    }

    private static void live(World world) {
        Random random = new Random(ThreadLocalRandom.current().nextLong());
        Signal[] signals = {
            World.GOOD,
            new Signal.Failed(503),
            new Signal.Throttled(Optional.of(Duration.ofSeconds(1)), false),
            new Signal.Postponed(408),
            new Signal.ModelUnknown(404)
        };
        for (int i = 0; i < 20; i++) {
            try (Plan plan = world.plan()) {
                for (Optional<Lease> place = plan.next(); place.isPresent(); place = plan.next()) {
                    try (Lease lease = place.get()) {
                        LockSupport.parkNanos(1_000); // lets the others in
                        Signal signal = signals[random.nextInt(signals.length)];
                        plan.judge(lease, signal, Again.FREELY);
                        lease.learn(signal);
                    }
                }
            }
        }
    }

    /// How many of these callers got a place; none leaves before all have asked.
    private static int letIn(World world) {
        AtomicInteger letIn = new AtomicInteger();
        CountDownLatch asked = new CountDownLatch(CALLERS);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < CALLERS; i++) threads.execute(() -> ask(world, letIn, asked));
        }
        return letIn.get();
    }

    private static void ask(World world, AtomicInteger letIn, CountDownLatch asked) {
        try (Plan plan = world.plan()) {
            Optional<Lease> place = plan.next();
            asked.countDown();
            if (place.isEmpty()) return;
            letIn.incrementAndGet();
            try (Lease _ = place.get()) {
                asked.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
