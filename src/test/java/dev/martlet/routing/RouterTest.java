package dev.martlet.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.martlet.Catalog;
import dev.martlet.Cause;
import dev.martlet.Condition;
import dev.martlet.Condition.Load;
import dev.martlet.Condition.State;
import dev.martlet.Ending;
import dev.martlet.LeftOut;
import dev.martlet.RoutingPolicy;
import dev.martlet.Service;
import dev.martlet.Signal;
import dev.martlet.Target;
import dev.martlet.Timeouts;
import dev.martlet.Trust;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

class RouterTest {
    private static final RoutingPolicy POLICY = new RoutingPolicy(3, Duration.ofSeconds(30));
    private static final int PLACES = 6;
    private static final Load IDLE = new Load(0, false);
    private static final Signal GOOD = new Signal.Good(200);
    private static final Signal BROKEN = new Signal.Broken(Cause.RESET);

    private final Service a = service("a");
    private final Service b = service("b");
    private final Catalog catalog = catalog(a, b);
    private long nanos = Long.MAX_VALUE - 5; // a clock that wraps around, as System.nanoTime may
    private final Router router = new Router(new Random(1), () -> nanos, PLACES);

    @Test
    void eachServiceIsFirstAboutHalfTheTime() {
        long first = IntStream.range(0, 1000).filter(_ -> names(router.plan(catalog)).getFirst().equals("a")).count();
        assertTrue(first > 400 && first < 600, () -> "a was first " + first + " times of 1000");
    }

    @Test
    void aPlanHasEveryServiceOnce() {
        Plan plan = router.plan(catalog);
        assertEquals(List.of("a", "b"), names(plan).stream().sorted().toList());
        assertEquals(2, names(plan).size());
        assertEquals(List.of(), plan.leftOut());
    }

    @Test
    void aBreakerOpensAfterFailuresInARowAndIsLeftOut() {
        learn(a, BROKEN, 2);
        assertEquals(2, names(router.plan(catalog)).size());
        assertEquals(2, router.healthy(catalog));
        learn(a, BROKEN, 1);
        Plan plan = router.plan(catalog);
        assertEquals(List.of("b"), names(plan));
        assertEquals(List.of(new LeftOut("a", "breaker open")), plan.leftOut());
        assertEquals(1, router.healthy(catalog));
    }

    @Test
    @DisplayName("O-15 one that holds as many places as are free comes last, until it has given some back")
    void aCrowdedOneComesLast() {
        List<Lease> held = IntStream.range(0, 3).mapToObj(_ -> lease()).toList();
        for (int i = 0; i < 50; i++) assertEquals(List.of("b", "a"), names(router.plan(catalog)));
        assertEquals(new Load(3, true), router.conditions(catalog).getFirst().load());
        assertEquals(2, router.healthy(catalog), "to be crowded is no failure");
        held.getFirst().close();
        held.getFirst().close(); // gives nothing back twice
        assertEquals(new Load(2, false), router.conditions(catalog).getFirst().load());
        long first = IntStream.range(0, 100).filter(_ -> names(router.plan(catalog)).getFirst().equals("a")).count();
        assertTrue(first > 20, () -> "a was first " + first + " times of 100");
    }

    @Test
    @DisplayName("O-15 a crowded one is not shut out when the others are")
    void aCrowdedOneIsNotShutOut() {
        IntStream.range(0, PLACES).forEach(_ -> lease());
        learn(b, BROKEN, 3);
        assertEquals(List.of("a"), names(router.plan(catalog)));
    }

    @Test
    void targetsThatNoCatalogHasAreForgotten() {
        learn(a, BROKEN, 3);
        for (int i = 0; i < 2 * Router.KNOWN_MAX; i++) {
            nanos++;
            router.plan(catalog(service("x" + i), service("y" + i)));
            assertEquals("a", router.plan(catalog).leftOut().getFirst().name());
        }
        assertTrue(router.remembered() <= Router.KNOWN_MAX, router.remembered() + " targets");
        nanos += Duration.ofMinutes(61).toNanos();
        router.plan(catalog);
        router.plan(catalog(service("z"), a));
        assertEquals(3, router.remembered());
    }

    @Test
    void tellsWhatItThinksOfEachService() {
        Condition well = new Condition("b", State.CLOSED, Optional.empty(), IDLE);
        learn(a, BROKEN, 3);
        nanos += Duration.ofSeconds(10).toNanos();
        Duration left = Duration.ofSeconds(20);
        assertEquals(
                List.of(new Condition("a", State.OPEN, Optional.of(left), IDLE), well), router.conditions(catalog));
        nanos += Duration.ofSeconds(25).toNanos();
        Condition tried = new Condition("a", State.HALF_OPEN, Optional.of(Duration.ZERO), IDLE);
        assertEquals(List.of(tried, well), router.conditions(catalog));
        learn(a, GOOD, 1);
        assertEquals(State.CLOSED, router.conditions(catalog).getFirst().state());
    }

    @Test
    void aSuccessStartsTheCountAnew() {
        learn(a, BROKEN, 2);
        learn(a, GOOD, 1);
        learn(a, BROKEN, 2);
        assertEquals(2, names(router.plan(catalog)).size());
    }

    @Test
    void aRefusalOfTheUpstreamStartsTheCountAnew() {
        learn(a, BROKEN, 2);
        learn(a, new Signal.Refused(404), 1);
        learn(a, new Signal.Failed(503), 2);
        assertEquals(2, names(router.plan(catalog)).size());
    }

    @Test
    @DisplayName("O-9 one probe while it is under way, and none before its time")
    void oneProbeIsLetInWhenTheTimeHasCome() {
        learn(a, BROKEN, 3);
        nanos += POLICY.open().toNanos() - 1;
        assertEquals(List.of("b"), names(router.plan(catalog)));
        nanos++;
        assertEquals(2, names(router.plan(catalog)).size());
        try (Lease probe = router.lease(a, POLICY, true).orElseThrow()) {
            assertEquals(List.of("b"), names(router.plan(catalog)));
            probe.learn(GOOD);
        }
        assertEquals(2, names(router.plan(catalog)).size());
        assertEquals(2, router.healthy(catalog));
    }

    @Test
    void aProbeThatFailsKeepsTheBreakerOpenForAnotherWhile() {
        learn(a, BROKEN, 3);
        nanos += POLICY.open().toNanos();
        learn(a, BROKEN, 1);
        assertEquals(List.of("b"), names(router.plan(catalog)));
        nanos += POLICY.open().toNanos();
        assertEquals(2, names(router.plan(catalog)).size());
    }

    @Test
    @DisplayName("O-9 a probe that fails after others have closed the breaker is one failure of many")
    void aProbeThatIsOvertakenDecidesNothing() {
        learn(a, BROKEN, 3);
        nanos += POLICY.open().toNanos();
        try (Lease probe = router.lease(a, POLICY, true).orElseThrow()) {
            learn(a, GOOD, 1);
            assertEquals(2, router.healthy(catalog));
            nanos += Duration.ofMinutes(5).toNanos();
            probe.learn(BROKEN);
        }
        assertEquals(2, router.healthy(catalog));
        learn(a, BROKEN, 2);
        assertEquals(List.of("b"), names(router.plan(catalog)));
    }

    @Test
    @DisplayName("O-9 a probe that learned nothing makes room for the next")
    void aClosedLeaseFreesTheProbe() {
        learn(a, BROKEN, 3);
        nanos += POLICY.open().toNanos();
        router.lease(a, POLICY, true).orElseThrow().close();
        assertEquals(2, names(router.plan(catalog)).size());
    }

    @Test
    void onlyTheLeaseOfTheProbeFreesIt() {
        learn(a, BROKEN, 3);
        Lease early = router.lease(a, POLICY, true).orElseThrow();
        nanos += POLICY.open().toNanos();
        Lease probe = router.lease(a, POLICY, true).orElseThrow();
        early.close();
        assertEquals(List.of("b"), names(router.plan(catalog)));
        probe.close();
        assertEquals(2, names(router.plan(catalog)).size());
    }

    @Test
    @DisplayName("O-10, U-38 when all are open, one is tried all the same")
    void oneIsTriedWhenAllAreOpen() {
        learn(a, BROKEN, 3);
        learn(b, BROKEN, 3);
        for (int i = 0; i < 20; i++) {
            Plan plan = router.plan(catalog);
            assertEquals(1, names(plan).size());
            assertEquals(1, plan.leftOut().size());
        }
        assertEquals(0, router.healthy(catalog));
    }

    @Test
    void anEmptyPoolHasAnEmptyPlan() {
        assertEquals(0, names(router.plan(catalog())).size());
    }

    @Test
    void theMemoryOutlivesAChangeOfTheCatalog() {
        learn(a, BROKEN, 3);
        Catalog changed = catalog(new Service("renamed", a.target()), service("c"));
        assertEquals(List.of("c"), names(router.plan(changed)));
    }

    @ParameterizedTest
    @EnumSource(
            value = Ending.class,
            names = {"UPSTREAM_CUT", "UPSTREAM_IDLE"})
    @DisplayName("U-12, U-17 an upstream that breaks its answer off has failed")
    void anAnswerThatTheUpstreamBreaksOffIsAFailure(Ending ending) {
        end(a, ending, 3);
        assertEquals(List.of("b"), names(router.plan(catalog)));
    }

    @ParameterizedTest
    @EnumSource(
            value = Ending.class,
            names = {"UPSTREAM_CUT", "UPSTREAM_IDLE", "COMPLETE"},
            mode = EnumSource.Mode.EXCLUDE)
    void whatIsNotTheUpstreamsFaultTeachesNothing(Ending ending) {
        learn(a, BROKEN, 2);
        end(a, ending, 5);
        assertEquals(2, names(router.plan(catalog)).size());
        learn(a, BROKEN, 1);
        assertEquals(List.of("b"), names(router.plan(catalog)));
    }

    @Test
    void aCompleteAnswerStartsTheCountAnew() {
        learn(a, BROKEN, 2);
        end(a, Ending.COMPLETE, 1);
        learn(a, BROKEN, 2);
        assertEquals(2, names(router.plan(catalog)).size());
    }

    private Lease lease() {
        return router.lease(a, POLICY, true).orElseThrow();
    }

    private void learn(Service service, Signal signal, int times) {
        for (int i = 0; i < times; i++) {
            try (Lease lease = router.lease(service, POLICY, true).orElseThrow()) {
                lease.learn(signal);
            }
        }
    }

    private void end(Service service, Ending ending, int times) {
        for (int i = 0; i < times; i++) {
            try (Lease lease = router.lease(service, POLICY, true).orElseThrow()) {
                lease.learn(ending);
            }
        }
    }

    private static List<String> names(Plan plan) {
        return ((PoolPlan) plan).rest().stream().map(Service::name).toList();
    }

    private static Catalog catalog(Service... pool) {
        return new Catalog(List.of(pool), "", POLICY, List.of());
    }

    private static Service service(String name) {
        Duration second = Duration.ofSeconds(1);
        Timeouts timeouts = new Timeouts(second, second, second, second);
        return new Service(
                name, new Target(true, name + ".example", 443, "", Trust.PUBLIC, Optional.empty(), timeouts));
    }

    @Test
    @DisplayName("O-9: of the calls planned before a probe began, one goes")
    void ofManyPlansOneProbes() {
        for (int i = 0; i < POLICY.failures(); i++) {
            try (Lease lease = router.lease(a, POLICY, false).orElseThrow()) {
                lease.learn(new Signal.Failed(503));
            }
        }
        assertTrue(router.lease(a, POLICY, false).isEmpty());
        nanos += POLICY.open().toNanos();
        try (Lease probe = router.lease(a, POLICY, false).orElseThrow()) {
            assertTrue(router.lease(a, POLICY, false).isEmpty());
            probe.learn(new Signal.Failed(503));
        }
        assertTrue(router.lease(a, POLICY, false).isEmpty());
    }
}
