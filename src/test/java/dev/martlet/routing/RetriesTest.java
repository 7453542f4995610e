package dev.martlet.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.martlet.Catalog;
import dev.martlet.Cause;
import dev.martlet.RoutingPolicy;
import dev.martlet.Service;
import dev.martlet.Signal;
import dev.martlet.Target;
import dev.martlet.Timeouts;
import dev.martlet.Trust;
import dev.martlet.routing.Retries.Answer;

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
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

class RetriesTest {
    private static final RoutingPolicy POLICY = new RoutingPolicy(1_000, Duration.ofSeconds(30), 20);
    private static final Signal BROKEN = new Signal.Broken(Cause.RESET);

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private final Router router = new Router(new Random(1), nanos::get, 1000);
    private final Plan plan = router.plan(catalog("a", "b", "c", "d"));
    private final List<Attempt> attempts = StreamSupport.stream(plan.spliterator(), false).toList();
    private final Attempt first = attempts.getFirst();
    private final Attempt second = attempts.get(1);

    @Test
    void toAHealthyTargetTheyAreFree() {
        for (Retries each : open(100)) assertEquals(Answer.GRANTED, each.ask(plan, first));
    }

    @Test
    void toAFailingTargetThreeAreAlwaysGranted() {
        learn(second, BROKEN, 1);
        List<Retries> calls = open(10);
        assertEquals(3, granted(calls));
    }

    @Test
    void toAFailingTargetAFifthOfTheCallsAreGranted() {
        learn(second, BROKEN, 1);
        assertEquals(20, granted(open(100)));
    }

    @Test
    void aTargetThatIsGoodNineTimesOfTenIsHealthy() {
        learn(second, new Signal.Good(200), 9);
        learn(second, BROKEN, 1);
        assertEquals(100, granted(open(100)));
        learn(second, BROKEN, 1);
        assertEquals(40, granted(open(100)));
    }

    @Test
    void aFailureIsForgottenAfterTenSeconds() {
        learn(second, BROKEN, 5);
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(9));
        List<Retries> calls = open(10);
        assertEquals(3, granted(calls));
        calls.forEach(Retries::close);
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
        assertEquals(10, granted(open(10)));
    }

    @Test
    @DisplayName("a place comes back with the answer, with the next question, and with the end of the call")
    void aPlaceComesBack() {
        attempts.forEach(each -> learn(each, BROKEN, 1));
        Retries one = router.retries(POLICY);
        Retries two = router.retries(POLICY);
        Retries three = router.retries(POLICY);
        Retries four = router.retries(POLICY);
        for (Retries each : List.of(one, two, three)) assertEquals(Answer.GRANTED, each.ask(plan, first));
        assertEquals(Answer.OVER_BUDGET, four.ask(plan, first));
        one.answered();
        one.answered();
        assertEquals(Answer.GRANTED, four.ask(plan, first));
        assertEquals(Answer.OVER_BUDGET, one.ask(plan, first));
        assertEquals(Answer.GRANTED, two.ask(plan, second));
        three.close();
        three.close();
        assertEquals(Answer.GRANTED, one.ask(plan, first));
        assertEquals(Answer.OVER_BUDGET, router.retries(POLICY).ask(plan, first));
    }

    @Test
    void theLastAttemptHasNoNext() {
        assertEquals(Answer.NOTHING_LEFT, router.retries(POLICY).ask(plan, attempts.getLast()));
    }

    @Test
    void whatIsShutOutByNowIsNoNext() {
        RoutingPolicy strict = new RoutingPolicy(1, Duration.ofSeconds(30));
        for (Attempt each : attempts.subList(1, 4)) {
            try (Lease lease = router.lease(each, strict, true).orElseThrow()) {
                lease.learn(BROKEN);
            }
        }
        assertEquals(Answer.NOTHING_LEFT, router.retries(strict).ask(plan, first));
    }

    @Test
    @DisplayName("the first retry comes at once, the others after up to 25, 50, 100, 200, 250 ms")
    void pausesGrow() {
        long[] limits = {0, 25, 50, 100, 200, 250, 250};
        Retries call = router.retries(POLICY);
        for (long limit : limits) {
            assertEquals(Answer.GRANTED, call.ask(plan, first));
            long longest = IntStream.range(0, 2_000).mapToLong(_ -> call.pause().toNanos()).max().orElseThrow();
            assertTrue(longest <= limit * 1_000_000, () -> longest + " ns is over " + limit + " ms");
            assertTrue(longest >= limit * 950_000, () -> longest + " ns is far from " + limit + " ms");
        }
    }

    @Test
    @DisplayName("O-9: of 500 that ask at once, one is the probe; its place is free again however it ends")
    void oneProbeOfManyThreads() {
        RoutingPolicy strict = new RoutingPolicy(1, Duration.ofSeconds(30));
        try (Lease lease = router.lease(first, strict, true).orElseThrow()) {
            lease.learn(BROKEN);
        }
        nanos.addAndGet(strict.open().toNanos());
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
        Optional<Lease> place = router.lease(first, policy, false);
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

    private List<Retries> open(int calls) {
        List<Retries> open = new ArrayList<>();
        for (int i = 0; i < calls; i++) open.add(router.retries(POLICY));
        return open;
    }

    private long granted(List<Retries> calls) {
        return calls.stream().filter(each -> each.ask(plan, first) == Answer.GRANTED).count();
    }

    private void learn(Attempt attempt, Signal signal, int times) {
        for (int i = 0; i < times; i++) {
            try (Lease lease = router.lease(attempt, POLICY, true).orElseThrow()) {
                lease.learn(signal);
            }
        }
    }

    private static Catalog catalog(String... names) {
        Duration second = Duration.ofSeconds(1);
        Timeouts timeouts = new Timeouts(second, second, second, second);
        List<Service> pool =
                List.of(names).stream()
                        .map(name ->
                                new Service(
                                        name,
                                        new Target(true, name, 443, "", Trust.PUBLIC, Optional.empty(), timeouts)))
                        .toList();
        return new Catalog(pool, "", POLICY, List.of());
    }
}
