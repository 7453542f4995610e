package dev.martlet.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.martlet.Cause;
import dev.martlet.Halt;
import dev.martlet.RoutingPolicy;
import dev.martlet.Signal;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

class RetriesTest {
    private static final Signal BROKEN = new Signal.Broken(Cause.RESET);

    private final Pool pool = new Pool("a", "b", "c", "d");
    private final RetryBudget budget = new RetryBudget();

    @Test
    void toAHealthyTargetTheyAreFree() {
        assertEquals(100, granted(100));
    }

    @Test
    void toAFailingTargetThreeAreAlwaysGranted() {
        learn("b", BROKEN, 1);
        assertEquals(3, granted(10));
    }

    @Test
    void toAFailingTargetAFifthOfTheCallsAreGranted() {
        learn("b", BROKEN, 1);
        assertEquals(20, granted(100));
    }

    @Test
    void aTargetThatIsGoodNineTimesOfTenIsHealthy() {
        learn("b", new Signal.Good(200), 9);
        learn("b", BROKEN, 1);
        assertEquals(100, granted(100));
        learn("b", BROKEN, 1);
        assertEquals(20, granted(100));
    }

    @Test
    void aFailureIsForgottenAfterTenSeconds() {
        learn("b", BROKEN, 5);
        pool.nanos.addAndGet(TimeUnit.SECONDS.toNanos(9));
        assertEquals(3, granted(10));
        pool.nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
        assertEquals(10, granted(10));
    }

    @Test
    void whatIsOverTheBudgetSaysSo() {
        learn("b", BROKEN, 1);
        List<Plan> plans = IntStream.range(0, 4).mapToObj(_ -> pool.plan()).toList();
        for (Plan plan : plans.subList(0, 3)) assertEquals(Verdict.NEXT, fail(plan));
        assertEquals(Verdict.GIVE_UP, fail(plans.getLast()));
        assertEquals(Optional.of(Halt.RETRY_BUDGET), plans.getLast().halted());
    }

    @Test
    @DisplayName("a place comes back with the answer, with the next question, and with the end of the call")
    void aPlaceComesBack() {
        Retries one = retries();
        Retries two = retries();
        Retries three = retries();
        Retries four = retries();
        for (Retries each : List.of(one, two, three)) assertTrue(each.grant(true));
        assertFalse(four.grant(true));
        one.answered();
        one.answered();
        assertTrue(four.grant(true));
        assertFalse(one.grant(true));
        assertTrue(two.grant(true));
        three.close();
        three.close();
        assertTrue(one.grant(true));
        assertFalse(retries().grant(true));
    }

    @Test
    @DisplayName("the first retry comes at once, the others after up to 25, 50, 100, 200, 250 ms")
    void pausesGrow() {
        long[] limits = {0, 25, 50, 100, 200, 250, 250};
        Retries call = retries();
        for (long limit : limits) {
            assertTrue(call.grant(false));
            long longest = IntStream.range(0, 2_000).mapToLong(_ -> call.pause().toNanos()).max().orElseThrow();
            assertTrue(longest <= limit * 1_000_000, () -> longest + " ns is over " + limit + " ms");
            assertTrue(longest >= limit * 950_000, () -> longest + " ns is far from " + limit + " ms");
        }
    }

    @Test
    @DisplayName("O-9: of 500 that ask at once, one is the probe; its place is free again however it ends")
    void oneProbeOfManyThreads() {
        RoutingPolicy strict = new RoutingPolicy(1, Duration.ofSeconds(30));
        pool.learn("a", BROKEN, 1, strict);
        pool.nanos.addAndGet(strict.open().toNanos());
        for (int round = 0; round < 20; round++) {
            assertEquals(1, probes(strict, 500));
        }
    }

    /// How many of these callers were let in; none leaves before all have asked, and each fails by an exception.
    private int probes(RoutingPolicy policy, int callers) {
        AtomicInteger letIn = new AtomicInteger();
        CountDownLatch asked = new CountDownLatch(callers);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < callers; i++) threads.execute(() -> probe(policy, letIn, asked));
        }
        return letIn.get();
    }

    private void probe(RoutingPolicy policy, AtomicInteger letIn, CountDownLatch asked) {
        Optional<Lease> place = pool.lease("a", policy, false);
        asked.countDown();
        if (place.isEmpty()) return;
        try (Lease _ = place.get()) {
            letIn.incrementAndGet();
            asked.await();
            throw new CancellationException();
        } catch (CancellationException | InterruptedException e) {
            // a probe that is cancelled has learned nothing
        }
    }

    /// Of so many calls whose first attempt has failed, how many may make a second.
    private int granted(int calls) {
        List<Plan> plans = new ArrayList<>();
        for (int i = 0; i < calls; i++) plans.add(pool.plan());
        int granted = (int) plans.stream().filter(plan -> fail(plan) == Verdict.NEXT).count();
        plans.forEach(Plan::close);
        return granted;
    }

    private static Verdict fail(Plan plan) {
        try (Lease lease = plan.next().orElseThrow()) {
            return plan.judge(lease, BROKEN, Again.FREELY);
        }
    }

    private void learn(String name, Signal signal, int times) {
        pool.learn(name, signal, times, Pool.POLICY);
    }

    private Retries retries() {
        return new Retries(budget, 20, new Random(3));
    }
}
