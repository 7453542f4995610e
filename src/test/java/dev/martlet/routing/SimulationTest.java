package dev.martlet.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.martlet.Cause;
import dev.martlet.Signal;
import dev.martlet.routing.Simulation.Behaviour;
import dev.martlet.routing.Simulation.Reaction;
import dev.martlet.routing.Simulation.Tally;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.List;
import java.util.Random;

/// What routing makes of targets in trouble, minute by minute. Each scenario has its report under
/// `src/test/resources/golden/routing`; `-Dgolden=write` rewrites them, and the diff is the review.
class SimulationTest {
    @Test
    @DisplayName("O-8 both answer 503 at 200 calls a second: at most 1.2 attempts a call")
    void bothDownAndQuickToSayIt() throws IOException {
        Simulation simulation = new Simulation(10).with("one", down(5)).with("two", down(5)).run(200, 60);
        simulation.compare("both-503", "Both answer 503 after 5 ms; 200 calls a second.");
        assertTrue(simulation.sum().attemptsPerCall() <= 1.2);
        assertTrue(simulation.sum().slowestFailureMillis < 100);
    }

    @Test
    @DisplayName("O-8 the same when they take half a second to say it")
    void bothDownAndSlowToSayIt() throws IOException {
        Simulation simulation = new Simulation(10).with("one", down(500)).with("two", down(500)).run(200, 60);
        simulation.compare("both-503-slow", "Both answer 503 after 500 ms; 200 calls a second.");
        assertTrue(simulation.sum().attemptsPerCall() <= 1.2);
    }

    @Test
    @DisplayName(
            "O-8 every second answer a 503, so that no breaker opens for long: the budget alone bounds the retries")
    void bothHalfDown() throws IOException {
        Simulation simulation = new Simulation(10).with("one", flaky(0.5, 500)).with("two", flaky(0.5, 500));
        simulation.run(200, 60);
        simulation.compare("both-half-503", "Both answer 503 to every second call after 500 ms; 200 calls a second.");
        // A call that tries again is longer under way, so 20 % of the calls under way are 25 % of those that come.
        for (Tally tally : simulation.tallies()) assertTrue(tally.attemptsPerCall() <= 1.25);
        assertTrue(simulation.sum().refusedByBudget > 0);
    }

    @Test
    @DisplayName("U-5 one swallows what it is sent: every call is answered, few wait")
    void aBlackHole() throws IOException {
        Behaviour hole = _ -> new Reaction(new Signal.Broken(Cause.HEAD_TIMEOUT), 5_000);
        Simulation simulation = new Simulation(10).with("hole", hole).with("good", up(50)).run(50, 60);
        simulation.compare("black-hole", "One never answers, 5 s each; the other is well; 50 calls a second.");
        assertEquals(simulation.sum().calls, simulation.sum().good);
    }

    @Test
    void flapping() throws IOException {
        Behaviour flapping = second -> second % 7 < 4 ? good(20) : bad(20);
        Simulation simulation = new Simulation(5).with("flapping", flapping).with("good", up(20)).run(100, 60);
        simulation.compare("flapping", "One is down for 3 s in every 7 s; the other is well; 100 calls a second.");
        assertEquals(simulation.sum().calls, simulation.sum().good);
    }

    @Test
    @DisplayName("O-11 one that has recovered gets its share again, and no burst above it")
    void recovery() throws IOException {
        Behaviour healed = second -> second < 20 ? bad(20) : good(20);
        Simulation simulation = new Simulation(1).with("healed", healed).with("good", up(20)).run(200, 40);
        simulation.compare("recovery", "One is down for 20 s, then well; 200 calls a second.");
        List<Tally> after = simulation.tallies().subList(32, 40);
        for (Tally tally : after) assertTrue(tally.byTarget.getOrDefault("healed", 0) > 70);
        for (Tally tally : simulation.tallies()) assertTrue(tally.byTarget.getOrDefault("healed", 0) < 135);
    }

    @Test
    @DisplayName("O-9 500 callers at the half-open moment, and the probe hangs: exactly one is sent there")
    void aHerdAtTheHalfOpenMoment() throws IOException {
        Behaviour hanging = second -> second < 1 ? bad(1) : new Reaction(new Signal.Broken(Cause.HEAD_TIMEOUT), 30_000);
        Simulation simulation = new Simulation(10).with("hanging", hanging).with("good", up(100));
        simulation.run(100, 1).burst(12, 500).burst(15, 500).burst(41, 500).burst(60, 500).finish();
        simulation.compare("half-open-herd", "One fails, then hangs for 30 s; 500 callers at 12, 15, 41 and 60 s.");
        assertEquals(1, simulation.inFlightMost("hanging"));
        assertEquals(simulation.sum().calls, simulation.sum().good);
    }

    @Test
    @DisplayName("O-10 everything is down, then heals: one target stays in, so the first call after it is answered")
    void everythingDownAndHealed() throws IOException {
        Behaviour healed = second -> second < 30 ? bad(20) : good(20);
        Simulation simulation = new Simulation(5).with("one", healed).with("two", healed).run(100, 45);
        simulation.compare("everything-down", "Both are down for 30 s, then well; 100 calls a second.");
        assertEquals(0, simulation.tallies().get(5).good);
        for (Tally tally : simulation.tallies().subList(6, 9)) assertEquals(tally.calls, tally.good);
    }

    @Test
    @DisplayName(
            "O-15 a very slow one holds half of the places: nobody is turned away, and it gets its share when well")
    void aSlowOne() throws IOException {
        Behaviour slow = second -> good(second < 30 ? 20_000 : 100);
        Simulation simulation = new Simulation(10, 300).with("slow", slow).with("good", up(100)).run(200, 80);
        simulation.compare("slow", "One takes 20 s for 30 s; 200 calls a second, 300 places.");
        assertEquals(0, simulation.sum().turnedAway);
        assertTrue(simulation.inFlightMost("slow") <= 150);
        assertEquals(simulation.sum().calls, simulation.sum().good);
        assertTrue(simulation.tallies().getLast().byTarget.getOrDefault("slow", 0) > 900);
    }

    @Test
    @DisplayName("O-15 two slow ones of three leave a third of the places")
    void twoSlowOnes() throws IOException {
        Simulation simulation = new Simulation(10, 300).with("one", up(60_000)).with("two", up(60_000));
        simulation.with("good", up(100)).run(200, 60);
        simulation.compare("two-slow", "Two of three take a minute; 200 calls a second, 300 places.");
        assertEquals(0, simulation.sum().turnedAway);
    }

    @Test
    @DisplayName("O-15 a call that failed elsewhere may go to a crowded one, and so may all when nothing else is left")
    void nothingButASlowOne() throws IOException {
        Simulation simulation = new Simulation(10, 2000).with("slow", up(10_000)).with("down", down(5)).run(100, 60);
        simulation.compare("slow-and-down", "One takes 10 s, the other answers 503; 100 calls a second, 2000 places.");
        assertEquals(simulation.sum().calls, simulation.sum().good);
    }

    private static Behaviour up(int millis) {
        return _ -> good(millis);
    }

    private static Behaviour down(int millis) {
        return _ -> bad(millis);
    }

    private static Behaviour flaky(double share, int millis) {
        Random random = new Random(3);
        return _ -> random.nextDouble() < share ? bad(millis) : good(millis);
    }

    private static Reaction good(int millis) {
        return new Reaction(new Signal.Good(200), millis);
    }

    private static Reaction bad(int millis) {
        return new Reaction(new Signal.Failed(503), millis);
    }
}
