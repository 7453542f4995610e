package dev.martlet.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.martlet.Cause;
import dev.martlet.Signal;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The table of `product.md`, section 4, "Judge", for channels: one row, one case.
class JudgeTest {
    private static final String THERE = "a/2"; // the next key of the same channel
    private static final String ELSEWHERE = "b/1"; // the next channel
    private static final String DELIVERED = "DELIVER";
    private static final String OVER = "GIVE_UP";

    /// @param next      what follows where the call can be sent again: a candidate, or a verdict
    /// @param nextFinal what follows where it cannot
    /// @param memory    who is left out of the next call, and why; one failure in a row opens the breaker
    record Row(String name, Signal signal, String next, String nextFinal, List<String> memory) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Row> table() {
        List<String> breaker = List.of("a/1: breaker open 60s");
        List<String> quarter = List.of("a/1: resting 10m");
        return List.of(
                new Row("good", new Signal.Good(200), DELIVERED, DELIVERED, List.of()),
                new Row("nothing was sent", new Signal.Unreachable(Cause.DNS), ELSEWHERE, ELSEWHERE, breaker),
                new Row("sent, then reset", new Signal.Broken(Cause.RESET), ELSEWHERE, OVER, breaker),
                new Row("no first byte in time", new Signal.Broken(Cause.HEAD_TIMEOUT), ELSEWHERE, OVER, breaker),
                new Row("500", new Signal.Failed(500), THERE, OVER, breaker),
                new Row("503", new Signal.Failed(503), THERE, OVER, breaker),
                new Row("529", new Signal.Failed(529), THERE, OVER, breaker),
                new Row("501", new Signal.Failed(501), OVER, OVER, breaker),
                new Row("505", new Signal.Failed(505), OVER, OVER, breaker),
                new Row("429", throttled(-1), THERE, THERE, List.of("a/1: cooling 30s")),
                new Row("429 for 12 s", throttled(12_000), THERE, THERE, List.of("a/1: cooling 12s")),
                new Row("429 for no time", throttled(0), THERE, THERE, List.of("a/1: cooling 1s")),
                new Row("429 for a fraction", throttled(200), THERE, THERE, List.of("a/1: cooling 1s")),
                new Row("429 for a day", throttled(86_400_000), THERE, THERE, List.of("a/1: cooling 5m")),
                new Row("quota gone", quotaGone(-1), THERE, THERE, quarter),
                new Row("quota gone for an hour", quotaGone(3600), THERE, THERE, List.of("a/1: resting 60m")),
                new Row("401", new Signal.KeyRefused(401), THERE, THERE, List.of("a/1: dead")),
                new Row("403", new Signal.KeyForbidden(403), THERE, THERE, List.of("a/1: not for this model 10m")),
                new Row("404 model_not_found", new Signal.ModelUnknown(404), ELSEWHERE, ELSEWHERE, lacks()),
                new Row("408", new Signal.Postponed(408), ELSEWHERE, ELSEWHERE, List.of()),
                new Row("425", new Signal.Postponed(425), ELSEWHERE, ELSEWHERE, List.of()),
                new Row("200 and HTML", new Signal.Nonsense(Cause.HTML), ELSEWHERE, OVER, breaker),
                new Row("a redirect", new Signal.Nonsense(Cause.REDIRECT), ELSEWHERE, OVER, breaker),
                new Row("no place there", new Signal.Busy(), ELSEWHERE, ELSEWHERE, List.of()),
                new Row("400", new Signal.Refused(400), DELIVERED, DELIVERED, List.of()),
                new Row("413", new Signal.Refused(413), DELIVERED, DELIVERED, List.of()));
    }

    private static List<String> lacks() {
        return List.of("a: has not this model 10m");
    }

    private static Signal throttled(long millis) {
        return new Signal.Throttled(millis < 0 ? Optional.empty() : Optional.of(Duration.ofMillis(millis)), false);
    }

    private static Signal quotaGone(long seconds) {
        return new Signal.Throttled(seconds < 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(seconds)), true);
    }

    @ParameterizedTest
    @MethodSource("table")
    void whatFollows(Row row) {
        assertEquals(row.next(), follows(world(), row.signal(), true));
        assertEquals(row.nextFinal(), follows(world(), row.signal(), false));
    }

    @ParameterizedTest
    @MethodSource("table")
    void whatIsRemembered(Row row) {
        World world = world();
        follows(world, row.signal(), true);
        assertEquals(row.memory(), world.leftOut());
    }

    private static World world() {
        World world = new World(Given.channel("a").keys("1", "2"), Given.channel("b").keys("1").priority(1));
        world.failures = 1;
        return world;
    }

    private static String follows(World world, Signal signal, boolean replayable) {
        try (Plan plan = world.plan()) {
            Verdict verdict;
            try (Lease lease = plan.next().orElseThrow()) {
                assertEquals("a/1", lease.attempt().name());
                verdict = plan.judge(lease, signal, replayable ? Again.FREELY : Again.UNTOUCHED);
                lease.learn(signal);
            }
            if (verdict != Verdict.NEXT) {
                assertTrue(plan.next().isEmpty(), "nothing comes after the end");
                return verdict.name();
            }
            try (Lease next = plan.next().orElseThrow()) {
                return next.attempt().name();
            }
        }
    }
}
