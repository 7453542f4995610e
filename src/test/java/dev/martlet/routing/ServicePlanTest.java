package dev.martlet.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.martlet.Catalog;
import dev.martlet.Cause;
import dev.martlet.Channels;
import dev.martlet.Fields;
import dev.martlet.Halt;
import dev.martlet.Lane;
import dev.martlet.Lanes;
import dev.martlet.NamedService;
import dev.martlet.RoutingPolicy;
import dev.martlet.Service;
import dev.martlet.Services;
import dev.martlet.Signal;
import dev.martlet.Target;
import dev.martlet.Timeouts;
import dev.martlet.Trust;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;

/// What follows an attempt on a service that the caller named, in a time that stands still but for the test.
class ServicePlanTest {
    private static final Signal GOOD = new Signal.Good(200);
    private static final Signal BUSY = new Signal.Failed(503);
    private static final Signal REFUSED = new Signal.Unreachable(Cause.REFUSED);
    private static final Signal RESET = new Signal.Broken(Cause.RESET);
    private static final Lanes LANES = new Lanes(seconds(20), seconds(240), 6 << 20, 2, true, true);

    private long now = 1;

    @Test
    @DisplayName("the waits double from 100 ms to 5 s, give or take 15 %, and the last answer is the client's")
    void waitsGrow() {
        Router router = router(1000);
        try (Plan plan =
                plan(router, service(9, true), new Lanes(seconds(60), seconds(60), 1, 2, true, true), Lane.EDGE)) {
            List<Long> waits = new ArrayList<>();
            Verdict verdict = Verdict.NEXT;
            while (verdict == Verdict.NEXT) {
                try (Lease lease = plan.next().orElseThrow()) {
                    verdict = plan.judge(lease, BUSY, Again.FREELY);
                    if (verdict == Verdict.NEXT) waits.add(plan.pause().toMillis());
                    now += plan.pause().toNanos();
                }
            }
            assertEquals(Verdict.DELIVER, verdict);
            assertEquals(9, waits.size());
            long[] middle = {100, 200, 400, 800, 1600, 3200, 5000, 5000, 5000};
            for (int i = 0; i < waits.size(); i++) {
                assertTrue(
                        Math.abs(waits.get(i) - middle[i]) <= middle[i] * 0.15 + 1 && waits.get(i) >= 100,
                        waits.toString());
            }
        }
    }

    @Test
    @DisplayName("what may be sent again, by signal and by method")
    void whatFollows() {
        assertEquals(Verdict.DELIVER, first(GOOD, Again.FREELY, 1));
        assertEquals(Verdict.DELIVER, first(new Signal.Refused(404), Again.FREELY, 1));
        assertEquals(Verdict.DELIVER, first(new Signal.Refused(429), Again.FREELY, 1));
        assertEquals(Verdict.NEXT, first(BUSY, Again.FREELY, 1));
        assertEquals(Verdict.DELIVER, first(BUSY, Again.UNTOUCHED, 1));
        assertEquals(Verdict.DELIVER, first(BUSY, Again.FREELY, 0));
        assertEquals(Verdict.NEXT, first(RESET, Again.FREELY, 1));
        assertEquals(Verdict.GIVE_UP, first(RESET, Again.UNTOUCHED, 1));
        assertEquals(Verdict.NEXT, first(REFUSED, Again.UNTOUCHED, 1));
        assertEquals(Verdict.GIVE_UP, first(REFUSED, Again.FREELY, 0));
    }

    @Test
    @DisplayName("U-36 Retry-After is waited for up to 5 s; whoever asks for more is not asked again")
    void waitsAsAsked() {
        assertEquals(Optional.of(Duration.ofMillis(3200)), pauseAfter(asks(Duration.ofMillis(3200)), LANES));
        assertEquals(Optional.of(seconds(5)), pauseAfter(asks(seconds(5)), LANES));
        assertEquals(Optional.empty(), pauseAfter(asks(Duration.ofMillis(5001)), LANES));
        assertTrue(pauseAfter(asks(Duration.ZERO), LANES).orElseThrow().toMillis() >= 100);
        Lanes brief = new Lanes(seconds(2), seconds(240), 1, 2, true, true);
        assertEquals(Optional.empty(), pauseAfter(asks(seconds(2)), brief));
        assertEquals(Optional.of(Duration.ofMillis(1900)), pauseAfter(asks(Duration.ofMillis(1900)), brief));
    }

    @Test
    @DisplayName("all tries share the lane's time, and each attempt has what is left of it")
    void triesShareTheLanesTime() {
        Router router = router(1000);
        try (Plan plan = plan(router, service(5, true), LANES, Lane.EDGE)) {
            try (Lease lease = plan.next().orElseThrow()) {
                assertEquals(seconds(20), lease.attempt().target().timeouts().firstByte());
                now += seconds(15).toNanos();
                assertEquals(Verdict.NEXT, plan.judge(lease, RESET, Again.FREELY));
            }
            now += seconds(1).toNanos();
            try (Lease lease = plan.next().orElseThrow()) {
                assertEquals(seconds(4), lease.attempt().target().timeouts().firstByte());
                now += seconds(4).toNanos();
                assertEquals(Verdict.GIVE_UP, plan.judge(lease, new Signal.Broken(Cause.HEAD_TIMEOUT), Again.FREELY));
            }
        }
    }

    @Test
    @DisplayName("from the background lane to the edge lane: when nothing was sent, or the call may be sent again")
    void fallsBack() {
        for (Signal signal : List.of(REFUSED, RESET, BUSY)) {
            try (Plan plan = plan(router(1000), service(1, true), LANES, Lane.BACKGROUND)) {
                try (Lease lease = plan.next().orElseThrow()) {
                    assertEquals(Lane.BACKGROUND, lane(lease));
                    assertEquals(seconds(240), lease.attempt().target().timeouts().firstByte());
                    now += seconds(100).toNanos();
                    assertEquals(Verdict.NEXT, plan.judge(lease, signal, Again.FREELY));
                    assertEquals(Duration.ZERO, plan.pause());
                }
                try (Lease lease = plan.next().orElseThrow()) {
                    assertEquals(Lane.EDGE, lane(lease));
                    assertEquals(seconds(20), lease.attempt().target().timeouts().firstByte());
                    assertEquals(Verdict.NEXT, plan.judge(lease, signal, Again.FREELY));
                }
                try (Lease lease = plan.next().orElseThrow()) {
                    assertEquals(Lane.EDGE, lane(lease));
                    assertEquals(
                            signal.equals(BUSY) ? Verdict.DELIVER : Verdict.GIVE_UP,
                            plan.judge(lease, signal, Again.FREELY));
                }
            }
        }
    }

    @Test
    @DisplayName("what may have been worked on stays in the background lane, and so does what may not fall back")
    void staysInItsLane() {
        try (Plan plan = plan(router(1000), service(1, true), LANES, Lane.BACKGROUND);
                Lease lease = plan.next().orElseThrow()) {
            assertEquals(Verdict.GIVE_UP, plan.judge(lease, RESET, Again.UNTOUCHED));
            assertEquals(Optional.of(Halt.NOT_REPLAYABLE), plan.halted());
        }
        Lanes without = new Lanes(seconds(20), seconds(240), 1, 2, true, false);
        List<Plan> plans =
                List.of(
                        plan(router(1000), service(1, false), LANES, Lane.BACKGROUND),
                        plan(router(1000), service(1, true), without, Lane.BACKGROUND));
        for (Plan plan : plans) {
            try (plan;
                    Lease lease = plan.next().orElseThrow()) {
                assertEquals(Verdict.GIVE_UP, plan.judge(lease, REFUSED, Again.FREELY));
            }
        }
    }

    @Test
    @DisplayName("a full background lane: on to the edge lane, or refused; its places are free again afterwards")
    void fullLane() {
        Router router = router(1000);
        try (Plan one = plan(router, service(1, true), LANES, Lane.BACKGROUND);
                Lease first = one.next().orElseThrow();
                Plan two = plan(router, service(1, true), LANES, Lane.BACKGROUND)) {
            try (Lease second = two.next().orElseThrow()) {
                assertEquals(List.of(Lane.BACKGROUND, Lane.BACKGROUND), List.of(lane(first), lane(second)));
                assertEquals(2, router.held(Lane.BACKGROUND));
                try (Plan three = plan(router, service(1, true), LANES, Lane.BACKGROUND);
                        Lease third = three.next().orElseThrow()) {
                    assertEquals(Lane.EDGE, lane(third));
                    assertEquals(1, router.held(Lane.EDGE));
                }
                try (Plan refused = plan(router, service(1, false), LANES, Lane.BACKGROUND)) {
                    assertTrue(refused.next().isEmpty());
                    assertEquals("background", refused.leftOut().getFirst().name());
                }
            }
            assertEquals(1, router.held(Lane.BACKGROUND));
        }
        assertEquals(0, router.held(Lane.BACKGROUND));
        assertEquals(0, router.held(Lane.EDGE));
    }

    @Test
    @DisplayName("O-15 a service that holds nearly all places leaves the last tenth to the others")
    void leavesPlacesToOthers() {
        Router router = router(20);
        List<Lease> held = new ArrayList<>();
        for (int i = 0; i < 18; i++) held.add(plan(router, service(1, true), LANES, Lane.EDGE).next().orElseThrow());
        try (Plan refused = plan(router, service(1, true), LANES, Lane.EDGE);
                Plan other = plan(router, named("other", 1, true), LANES, Lane.EDGE)) {
            assertTrue(refused.next().isEmpty());
            assertEquals("crowded", refused.leftOut().getFirst().why());
            other.next().orElseThrow().close();
        }
        held.forEach(Lease::close);
        try (Plan again = plan(router, service(1, true), LANES, Lane.EDGE)) {
            again.next().orElseThrow().close();
        }
    }

    @Test
    @DisplayName("the budget for retries to what fails holds here, too")
    void budget() {
        Router router = router(1000);
        for (int i = 0; i < 100; i++) {
            try (Plan plan = plan(router, service(0, true), LANES, Lane.EDGE);
                    Lease lease = plan.next().orElseThrow()) {
                lease.learn(BUSY);
            }
        }
        List<Plan> open = new ArrayList<>();
        int retried = 0;
        for (int i = 0; i < 20; i++) {
            Plan plan = plan(router, service(1, true), LANES, Lane.EDGE);
            open.add(plan);
            try (Lease lease = plan.next().orElseThrow()) {
                if (plan.judge(lease, BUSY, Again.FREELY) == Verdict.NEXT) retried++;
                else assertEquals(Optional.of(Halt.RETRY_BUDGET), plan.halted());
            }
        }
        open.forEach(Plan::close);
        assertTrue(retried >= 3 && retried <= 5, retried + " retries of 20");
    }

    private Verdict first(Signal signal, Again again, int retries) {
        try (Plan plan = plan(router(1000), service(retries, true), LANES, Lane.EDGE);
                Lease lease = plan.next().orElseThrow()) {
            return plan.judge(lease, signal, again);
        }
    }

    /// How long is waited before the second attempt; empty when there is none.
    private Optional<Duration> pauseAfter(Signal signal, Lanes lanes) {
        try (Plan plan = plan(router(1000), service(1, true), lanes, Lane.EDGE);
                Lease lease = plan.next().orElseThrow()) {
            boolean next = plan.judge(lease, signal, Again.FREELY) == Verdict.NEXT;
            return next ? Optional.of(plan.pause()) : Optional.empty();
        }
    }

    private static Signal asks(Duration pause) {
        return new Signal.Failed(503, Optional.of(pause));
    }

    private static Lane lane(Lease lease) {
        return ((Attempt.InLane) lease.attempt()).lane();
    }

    private Router router(int placesMax) {
        return new Router(new Random(7), () -> now, placesMax);
    }

    private static Plan plan(Router router, NamedService service, Lanes lanes, Lane lane) {
        Services services = new Services(Map.of(service.name(), service), lanes, true);
        RoutingPolicy policy = new RoutingPolicy(3, seconds(60));
        Catalog catalog = new Catalog(List.of(), "", policy, List.of(), Channels.NONE, services, false);
        return router.plan(catalog, service, lane);
    }

    private static NamedService service(int retries, boolean fallback) {
        return named("service", retries, fallback);
    }

    private static NamedService named(String name, int retries, boolean fallback) {
        Timeouts timeouts = new Timeouts(seconds(5), seconds(86_400), seconds(120), seconds(3600));
        Target target = new Target(false, name, 80, "", Trust.PUBLIC, Optional.empty(), timeouts);
        return new NamedService(
                new Service(name, target),
                Optional.empty(),
                retries,
                Set.of("GET"),
                Fields.NONE,
                fallback,
                OptionalLong.empty());
    }

    private static Duration seconds(long seconds) {
        return Duration.ofSeconds(seconds);
    }
}
