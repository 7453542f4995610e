package dev.martlet.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.martlet.Catalog;
import dev.martlet.Cause;
import dev.martlet.Channel;
import dev.martlet.Channels;
import dev.martlet.RoutingPolicy;
import dev.martlet.RoutingPolicy.Strategy;
import dev.martlet.Services;
import dev.martlet.Signal;
import dev.martlet.routing.Simulation.Reaction;
import dev.martlet.routing.Simulation.Tally;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Several channels in trouble at once, each in another way, while others are well: no call is lost that one of these could
/// have answered.
class InTurnSimulationTest {
    private static final int CHANNELS = 5;
    private static final int SICK = 3;
    private static final int STEP_SECONDS = 3;

    /// The ways in which a request is lost after it was sent (a channel that dies loses what it works on) are so far apart that
    /// no call meets two of them: it is sent again only once.
    private static final List<String> WAYS =
            List.of(
                    "cut",
                    "throttled",
                    "failing",
                    "throttled",
                    "dead",
                    "failing",
                    "throttled",
                    "failing",
                    "silent",
                    "throttled",
                    "failing",
                    "throttled");

    @Test
    @DisplayName("three of five channels are sick, in turn, and no call is lost")
    void inTurn() throws IOException {
        Simulation simulation = inTurn(WAYS, 60).run(200, 60);
        simulation.compare(
                "channels-in-turn",
                "Every 3 s one of five channels falls sick and another is well again, three are sick at a time: cut,"
                        + " throttled, failing, dead, silent; 200 calls a second, breakers open for 1 s.\n"
                        + "Those that have just recovered take in what the next one loses; no call is lost.");
        assertEquals(simulation.sum().calls, simulation.sum().good);
    }

    @Test
    @DisplayName(
            "the same where answers are slow, and many calls lose theirs at once: to who is well again they are free")
    void inTurnSlowly() {
        for (int rate = 190; rate < 210; rate += 4) {
            Tally sum = inTurn(WAYS, 200).run(rate, 60).sum();
            assertEquals(0, sum.refusedByBudget, "a probe that fails is held against nobody who has recovered");
            assertEquals(sum.calls, sum.good);
        }
    }

    @Test
    @DisplayName("where all three are at fault by themselves, a call that has met one of them does not try the others")
    void allAtFault() {
        for (int rate = 190; rate < 210; rate += 2) {
            Tally sum = inTurn(List.of("failing", "refusing"), 20).run(rate, 60).sum();
            assertEquals(sum.calls, sum.good);
            assertTrue(sum.attemptsPerCall() < 1.1, sum.attemptsPerCall() + " attempts a call");
        }
    }

    @Test
    @DisplayName("where calls are rare, every breaker waits for a probe: a call makes one of them at most")
    void rareCalls() throws IOException {
        List<Given> dead = IntStream.range(0, SICK).mapToObj(i -> Given.channel("dead-" + i).keys("1")).toList();
        Given well = Given.channel("well").keys("1").priority(1);
        Catalog catalog = catalog(Duration.ofSeconds(60), Stream.concat(dead.stream(), Stream.of(well)));
        Simulation simulation = new Simulation(3600).byModel(_ -> catalog);
        for (int i = 0; i < SICK; i++) {
            simulation.with("dead-" + i + "/1", _ -> new Reaction(new Signal.Unreachable(Cause.REFUSED), 1));
        }
        simulation.with("well/1", _ -> new Reaction(World.GOOD, 500));
        for (int minute = 0; minute < 240; minute += 2) simulation.burst(minute * 60, 1);
        simulation.finish();
        simulation.compare(
                "channels-rare-calls",
                "Three channels are dead, the fourth is for their failure; a call every 2 minutes, breakers open for 60"
                    + " s.\n"
                    + "Each call finds three breakers whose time is over, tries one and goes to the fourth; with three"
                    + " tries it would else be lost.");
        assertTrue(simulation.tallies().subList(1, 4).stream().allMatch(tally -> tally.calls == tally.good));
    }

    private static Simulation inTurn(List<String> ways, int millis) {
        Catalog catalog =
                catalog(Duration.ofSeconds(1), IntStream.range(0, CHANNELS).mapToObj(InTurnSimulationTest::channel));
        Simulation simulation = new Simulation(10).byModel(_ -> catalog);
        for (int i = 0; i < CHANNELS; i++) {
            int number = i;
            for (String key : keys(i)) {
                simulation.with(name(i) + "/" + key, second -> reaction(number, second, ways, millis));
            }
        }
        return simulation;
    }

    private static Given channel(int number) {
        return Given.channel(name(number)).keys(keys(number));
    }

    private static String name(int number) {
        return "c" + number;
    }

    private static String[] keys(int number) {
        return number % 2 == 0 ? new String[] {"1", "2"} : new String[] {"1", "2", "3"};
    }

    private static Catalog catalog(Duration open, Stream<Given> channels) {
        RoutingPolicy policy = new RoutingPolicy(3, open, 20, Strategy.ROUND_ROBIN, 3);
        List<Channel> made = channels.map(Given::made).toList();
        return new Catalog(
                List.of(), "", policy, List.of(), new Channels(made, Map.of(), Map.of()), Services.NONE, true);
    }

    private static Reaction reaction(int channel, double second, List<String> ways, int millis) {
        int step = (int) (second / STEP_SECONDS);
        for (int sick = step; sick > step - SICK && sick >= 0; sick--) {
            if (sick % CHANNELS == channel) return sick(ways.get(sick % ways.size()));
        }
        int next = step + 1;
        double left = next * STEP_SECONDS - second;
        boolean dies = next % CHANNELS == channel && ways.get(next % ways.size()).equals("dead");
        return dies && left * 1000 < millis
                ? new Reaction(new Signal.Broken(Cause.RESET), (long) (left * 1000))
                : new Reaction(World.GOOD, millis);
    }

    private static Reaction sick(String way) {
        return switch (way) {
            case "cut" -> new Reaction(new Signal.Broken(Cause.CLOSED), 12);
            case "dead", "refusing" -> new Reaction(new Signal.Unreachable(Cause.REFUSED), 1);
            case "throttled" -> new Reaction(new Signal.Throttled(Optional.of(Duration.ofSeconds(1)), false), 2);
            case "silent" -> new Reaction(new Signal.Broken(Cause.HEAD_TIMEOUT), 1000);
            case "failing" -> new Reaction(new Signal.Failed(503), 2);
            default -> throw new IllegalArgumentException(way);
        };
    }
}
