package dev.martlet.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.martlet.Cause;
import dev.martlet.Halt;
import dev.martlet.RoutingPolicy;
import dev.martlet.Signal;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.Optional;

class PoolPlanTest {
    private final Pool pool = new Pool("first", "last");

    /// The table of `product.md`, section 4, for raw calls.
    @ParameterizedTest
    @CsvSource({
        // signal, first and replayable, first only, last and replayable, last only
        "good, DELIVER, DELIVER, DELIVER, DELIVER",
        "refused, DELIVER, DELIVER, DELIVER, DELIVER",
        "failed, NEXT, DELIVER, DELIVER, DELIVER",
        "unreachable, NEXT, NEXT, GIVE_UP, GIVE_UP",
        "broken, NEXT, GIVE_UP, GIVE_UP, GIVE_UP"
    })
    void judges(String word, Verdict firstHeld, Verdict firstFlowing, Verdict lastHeld, Verdict lastFlowing) {
        Signal signal = signal(word);
        assertEquals(firstHeld, verdict(0, signal, Again.FREELY));
        assertEquals(firstFlowing, verdict(0, signal, Again.UNTOUCHED));
        assertEquals(lastHeld, verdict(1, signal, Again.FREELY));
        assertEquals(lastFlowing, verdict(1, signal, Again.UNTOUCHED));
    }

    @Test
    void saysWhyNothingFollows() {
        try (Plan plan = pool.plan()) {
            Lease lease = plan.next().orElseThrow();
            assertEquals(Verdict.DELIVER, plan.judge(lease, new Signal.Failed(503), Again.UNTOUCHED));
            assertEquals(Optional.of(Halt.NOT_REPLAYABLE), plan.halted());
        }
    }

    @Test
    void nothingIsSaidOfTheLast() {
        try (Plan plan = pool.plan()) {
            plan.next().orElseThrow().close();
            Lease last = plan.next().orElseThrow();
            assertEquals(Verdict.GIVE_UP, plan.judge(last, new Signal.Broken(Cause.RESET), Again.UNTOUCHED));
            assertEquals(Optional.empty(), plan.halted());
        }
    }

    @Test
    void whatIsShutOutByNowIsNoNext() {
        RoutingPolicy strict = new RoutingPolicy(1, Duration.ofSeconds(30));
        try (Plan plan = pool.plan()) {
            Lease lease = plan.next().orElseThrow();
            pool.learn("last", new Signal.Broken(Cause.RESET), 1, strict);
            assertEquals(Verdict.DELIVER, plan.judge(lease, new Signal.Failed(503), Again.FREELY));
            assertTrue(plan.next().isEmpty());
        }
    }

    private Verdict verdict(int before, Signal signal, Again again) {
        try (Plan plan = pool.plan()) {
            for (int i = 0; i < before; i++) plan.next().orElseThrow().close();
            try (Lease lease = plan.next().orElseThrow()) {
                return plan.judge(lease, signal, again);
            }
        }
    }

    private static Signal signal(String word) {
        return switch (word) {
            case "good" -> new Signal.Good(200);
            case "refused" -> new Signal.Refused(429);
            case "failed" -> new Signal.Failed(503);
            case "unreachable" -> new Signal.Unreachable(Cause.TLS);
            case "broken" -> new Signal.Broken(Cause.HEAD_TIMEOUT);
            default -> throw new IllegalArgumentException(word);
        };
    }
}
