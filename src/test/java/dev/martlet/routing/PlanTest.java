package dev.martlet.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.martlet.Cause;
import dev.martlet.Signal;
import dev.martlet.Target;
import dev.martlet.Timeouts;
import dev.martlet.Trust;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

class PlanTest {
    private final Attempt first = attempt("first");
    private final Attempt last = attempt("last");
    private final Plan plan = new Plan(List.of(first, last), List.of());

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
        assertEquals(firstHeld, plan.judge(first, signal, true));
        assertEquals(firstFlowing, plan.judge(first, signal, false));
        assertEquals(lastHeld, plan.judge(last, signal, true));
        assertEquals(lastFlowing, plan.judge(last, signal, false));
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

    private static Attempt attempt(String name) {
        Duration second = Duration.ofSeconds(1);
        Timeouts timeouts = new Timeouts(second, second, second, second);
        return new Attempt(
                name, new Target(true, name + ".example", 443, "", Trust.PUBLIC, Optional.empty(), timeouts));
    }
}
