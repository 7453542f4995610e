package dev.martlet.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.martlet.Catalog;
import dev.martlet.Cause;
import dev.martlet.Channels;
import dev.martlet.RoutingPolicy;
import dev.martlet.RoutingPolicy.Strategy;
import dev.martlet.Services;
import dev.martlet.Signal;
import dev.martlet.routing.Simulation.Behaviour;
import dev.martlet.routing.Simulation.Reaction;
import dev.martlet.routing.Simulation.Tally;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// What routing makes of channels and keys in trouble. Each scenario has its report under
/// `src/test/resources/golden/routing`.
class ChannelSimulationTest {
    @Test
    @DisplayName("U-5 one channel swallows what it is sent")
    void blackHole() throws IOException {
        Behaviour hole = _ -> new Reaction(new Signal.Broken(Cause.HEAD_TIMEOUT), 5_000);
        Simulation simulation =
                over(pair("hole", "good"))
                        .with("hole/1", hole)
                        .with("hole/2", hole)
                        .with("good/1", up(50))
                        .with("good/2", up(50));
        simulation.run(50, 60);
        simulation.compare(
                "channels-black-hole",
                "One channel never answers, 5 s each; 50 calls a second.\n"
                    + "Every call is answered; each of its keys is asked until its breaker opens, then by one probe at"
                    + " a time.");
        assertEquals(simulation.sum().calls, simulation.sum().good);
    }

    @Test
    @DisplayName("U-10 one channel is quick to answer 503")
    void fast503() throws IOException {
        Simulation simulation = half(down(5));
        simulation
                .run(100, 60)
                .compare(
                        "channels-fast-503",
                        "One channel answers 503 after 5 ms; 100 calls a second.\n"
                            + "Its speed attracts nobody: three failures for each key, then one probe for each every 10"
                            + " s.");
        assertEquals(simulation.sum().calls, simulation.sum().good);
        assertTrue(simulation.sum().attemptsPerCall() < 1.01);
    }

    @Test
    @DisplayName("U-10 one channel is slow to answer 503")
    void slow503() throws IOException {
        Simulation simulation = half(down(2_000));
        simulation
                .run(100, 60)
                .compare(
                        "channels-slow-503",
                        "One channel answers 503 after 2 s; 100 calls a second.\n"
                            + "What it was sent before its first answers came fails over all the same, as far as the"
                            + " channel that takes it is healthy.");
        assertEquals(simulation.sum().calls, simulation.sum().good);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("U-36 one key of three has had enough, again and again")
    void oneKeyThrottled(Strategy strategy) throws IOException {
        Behaviour throttled = second -> second < 40 ? reaction(wait(Duration.ofSeconds(10)), 20) : good(100);
        Simulation simulation = over(catalog(strategy, Given.channel("a").keys("1", "2", "3")));
        simulation.with("a/1", throttled).with("a/2", up(100)).with("a/3", up(100)).run(30, 60);
        simulation.compare(
                "channels-key-throttled-" + strategy.word(),
                "One key of three answers 429, wait 10 s, for 40 s; 30 calls a second; "
                        + strategy.word()
                        + ".\n"
                        + "It is asked once every 10 s, and the call goes to another key at once; then it has its third"
                        + " again.");
        assertEquals(simulation.sum().calls, simulation.sum().good);
        assertTrue(simulation.tallies().subList(0, 4).stream().allMatch(tally -> count(tally, "a/1") <= 5));
    }

    @Test
    @DisplayName("U-37 the daily quota of one key is gone")
    void dailyQuotaGone() throws IOException {
        Behaviour gone = _ -> reaction(new Signal.Throttled(Optional.empty(), true), 20);
        Simulation simulation = over(1_600, catalog(Strategy.ROUND_ROBIN, Given.channel("a").keys("1", "2")));
        simulation.with("a/1", gone).with("a/2", up(100)).run(2, 9_600);
        simulation.compare(
                "channels-daily-quota",
                "The quota of one key of two is gone for the day; 2 calls a second, 160 minutes.\n"
                        + "It is asked after 10 minutes, 20, 40 and 80, and no call is lost to that.");
        assertEquals(simulation.sum().calls, simulation.sum().good);
        assertEquals(5, count(simulation.sum(), "a/1"));
    }

    @Test
    @DisplayName("U-11 all keys of a channel are dead")
    void allKeysDead() throws IOException {
        Behaviour refused = _ -> reaction(new Signal.KeyRefused(401), 20);
        Simulation simulation =
                over(
                        catalog(
                                Strategy.ROUND_ROBIN,
                                Given.channel("a").keys("1", "2"),
                                Given.channel("b").keys("1").priority(1)));
        simulation.with("a/1", refused).with("a/2", refused).with("b/1", up(100)).run(20, 60);
        simulation.compare(
                "channels-keys-dead",
                "Both keys of the first channel are refused; 20 calls a second.\n"
                    + "Each is asked by those who do not know it yet, and never again; the second channel answers every"
                    + " call.");
        assertEquals(simulation.sum().calls, simulation.sum().good);
        assertTrue(count(simulation.sum(), "a/1") + count(simulation.sum(), "a/2") <= 4);
    }

    @Test
    @DisplayName("O-15 one slow channel does not take every place")
    void oneSlowChannel() throws IOException {
        Behaviour slow = second -> good(second < 30 ? 20_000 : 100);
        Simulation simulation = new Simulation(10, 300).byModel(_ -> pair("slow", "good"));
        simulation
                .with("slow/1", slow)
                .with("slow/2", slow)
                .with("good/1", up(100))
                .with("good/2", up(100))
                .run(200, 80);
        simulation.compare(
                "channels-slow",
                "One channel takes 20 s for 30 s; 200 calls a second, 300 places.\n"
                    + "It holds half of the places, the rest goes by it; nobody is turned away, and it has its half of"
                    + " the calls when it is well.");
        assertEquals(0, simulation.sum().turnedAway);
        assertEquals(simulation.sum().calls, simulation.sum().good);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("one key of three is slow: least_connections asks it less, the others do not care")
    void oneSlowKey(Strategy strategy) throws IOException {
        Simulation simulation = over(catalog(strategy, Given.channel("a").keys("1", "2", "3")));
        simulation.with("a/1", up(2_000)).with("a/2", up(100)).with("a/3", up(100)).run(60, 60);
        simulation.compare(
                "channels-slow-key-" + strategy.word(),
                "One key of three takes 2 s, the others 100 ms; 60 calls a second; "
                        + strategy.word()
                        + ".\n"
                        + (strategy == Strategy.LEAST_CONNECTIONS
                                ? "It gets what it can take beside the others: about a thirtieth."
                                : "It gets its third all the same."));
        int slow = count(simulation.sum(), "a/1");
        if (strategy == Strategy.LEAST_CONNECTIONS) assertTrue(slow < 600, slow + " calls");
        else assertTrue(slow > 1000, slow + " calls");
    }

    @Test
    void flapping() throws IOException {
        Simulation simulation = half(second -> second % 7 < 4 ? good(20) : bad(20));
        simulation
                .run(100, 60)
                .compare(
                        "channels-flapping",
                        "One channel is down for 3 s in every 7 s; 100 calls a second.\n"
                            + "No call is lost; each time its breakers open within a few calls, and a probe decides 10"
                            + " s later.");
        assertEquals(simulation.sum().calls, simulation.sum().good);
    }

    @Test
    @DisplayName("O-11 a channel that has recovered gets its share again, and no burst above it")
    void recovery() throws IOException {
        Simulation simulation = half(second -> second < 25 ? bad(20) : good(20));
        simulation
                .run(200, 60)
                .compare(
                        "channels-recovery",
                        "One channel is down for 25 s, then well; 200 calls a second.\n"
                                + "The first probe after that brings it back: half of the calls, and never more.");
        for (Tally tally : simulation.tallies().subList(4, 6)) {
            int its = count(tally, "bad/1") + count(tally, "bad/2");
            assertTrue(its > 900 && its < 1100, its + " of 2000");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"ROUND_ROBIN", "RANDOM"})
    @DisplayName("weights 90 and 10 are shares, of channels and of keys")
    void weights(Strategy strategy) throws IOException {
        Simulation simulation =
                over(
                        catalog(
                                strategy,
                                Given.channel("a").keys("1:9", "2:1").weight(90),
                                Given.channel("b").keys("1").weight(10)));
        simulation.with("a/1", up(50)).with("a/2", up(50)).with("b/1", up(50)).run(100, 60);
        simulation.compare(
                "channels-weights-" + strategy.word(),
                "Two channels weigh 90 and 10, the keys of the first 9 and 1; 100 calls a second; "
                        + strategy.word()
                        + ".\nChannels are drawn by weight; the keys "
                        + (strategy == Strategy.RANDOM ? "too." : "take turns, one of ten is the second's exactly."));
        int first = count(simulation.sum(), "a/1") + count(simulation.sum(), "a/2");
        assertTrue(first > 5300 && first < 5500, first + " of 6000");
        if (strategy == Strategy.ROUND_ROBIN) assertEquals(first / 10.0, count(simulation.sum(), "a/2"), 1);
    }

    @Test
    @DisplayName("U-42 what is known of keys survives a reload")
    void reloadInTheMiddle() throws IOException {
        Given b = Given.channel("b").keys("1");
        Catalog before = catalog(Strategy.ROUND_ROBIN, Given.channel("a").keys("1", "2"), b);
        Catalog without = catalog(Strategy.ROUND_ROBIN, b);
        Catalog after = catalog(Strategy.ROUND_ROBIN, Given.channel("a").keys("1", "2", "3"), b);
        Simulation simulation = new Simulation(10).byModel(at -> at < 20 ? before : at < 40 ? without : after);
        Behaviour refused = _ -> reaction(new Signal.KeyRefused(401), 20);
        simulation.with("a/1", up(50)).with("a/2", refused).with("a/3", up(50)).with("b/1", up(50)).run(50, 60);
        simulation.compare(
                "channels-reload",
                "A reload takes a channel away at 20 s, another brings it back with a third key at 40 s; 50 calls a"
                        + " second.\n"
                        + "Its second key was refused before, and is still known to be; the new one takes its turns at"
                        + " once.");
        assertEquals(simulation.sum().calls, simulation.sum().good);
        assertEquals(1, count(simulation.sum(), "a/2"));
    }

    @Test
    @DisplayName("O-9 500 callers at the half-open moment, and the probe hangs: exactly one is sent there")
    void herd() throws IOException {
        Behaviour hanging = second -> second < 1 ? bad(1) : reaction(new Signal.Broken(Cause.HEAD_TIMEOUT), 30_000);
        Simulation simulation =
                over(
                        catalog(
                                Strategy.ROUND_ROBIN,
                                Given.channel("hanging").keys("1"),
                                Given.channel("good").keys("1").priority(1)));
        simulation.with("hanging/1", hanging).with("good/1", up(100));
        simulation.run(100, 1).burst(12, 500).burst(15, 500).burst(41, 500).burst(60, 500).finish();
        simulation.compare(
                "channels-half-open-herd",
                "The first channel fails, then hangs for 30 s; 500 callers at 12, 15, 41 and 60 s.\n"
                        + "Exactly one of them probes it, the others are answered by the second channel.");
        assertEquals(1, simulation.inFlightMost("hanging/1"));
        assertEquals(simulation.sum().calls, simulation.sum().good);
    }

    @Test
    @DisplayName("O-9 the same where nothing else is left: a few are let in beside it, the others fail at once")
    void herdOfOne() throws IOException {
        Behaviour hanging = second -> second < 1 ? bad(1) : reaction(new Signal.Broken(Cause.HEAD_TIMEOUT), 30_000);
        Simulation simulation = over(catalog(Strategy.ROUND_ROBIN, Given.channel("hanging").keys("1")));
        simulation.with("hanging/1", hanging).run(3, 1).burst(12, 500).burst(15, 500).burst(41, 500).finish();
        simulation.compare(
                "channels-half-open-alone",
                "The only channel fails, then hangs for 30 s; 500 callers at 12, 15 and 41 s.\n"
                    + "One probes it. The last that is left is not shut out, but as long as the probe is silent, only"
                    + " the budget for retries lets others in; the rest is told at once that nobody answers.");
        assertEquals(4, simulation.inFlightMost("hanging/1"));
    }

    @Test
    @DisplayName("O-9, O-10 the only channel is well again: whoever comes while its probe flows is answered")
    void probeThatFlows() throws IOException {
        Behaviour healed = second -> second < 1 ? bad(1) : new Reaction(World.GOOD, 500, 20_000);
        Simulation simulation = over(catalog(Strategy.ROUND_ROBIN, Given.channel("a").keys("1")));
        for (int second = 12; second < 30; second += 2) simulation.burst(second, 3);
        simulation.burst(13, 100).with("a/1", healed).run(3, 1);
        simulation.compare(
                "channels-half-open-flows",
                "The only channel fails, then is well: its streams begin after 500 ms and take 20 s; three callers"
                    + " every 2 s from 12 s on, and 100 at 13 s.\n"
                    + "The probe and two beside it, then everybody: its first content lets in who has nowhere else to"
                    + " go, its end those who have.");
        for (Tally tally : simulation.tallies().subList(1, 3)) assertEquals(tally.calls, tally.good);
    }

    @Test
    @DisplayName("a conversation moves when its channel fails, and no other does")
    void stickyConversations() throws IOException {
        Behaviour away = second -> second >= 20 && second < 40 ? bad(20) : good(20);
        Simulation simulation =
                over(
                        catalog(
                                Strategy.ROUND_ROBIN,
                                Given.channel("a").keys("1"),
                                Given.channel("b").keys("1"),
                                Given.channel("c").keys("1")));
        simulation.conversations(300).with("a/1", away).with("b/1", up(20)).with("c/1", up(20)).run(100, 80);
        simulation.compare(
                "channels-sticky",
                "Three channels, one of them down from 20 to 40 s; 300 conversations, 100 calls a second.\n"
                        + "The third that lives with it moves away and comes back, once each; nobody else moves.");
        assertEquals(simulation.sum().calls, simulation.sum().good);
        int its = count(simulation.tallies().getFirst(), "a/1") * 300 / 1000;
        assertTrue(simulation.sum().moved <= 2 * its + 10, simulation.sum().moved + " moves, " + its + " live there");
    }

    @Test
    @DisplayName("O-8, O-10, U-38 everything is down, then heals")
    void everythingDown() throws IOException {
        Behaviour healed = second -> second < 30 ? bad(50) : good(50);
        Simulation simulation =
                over(
                        catalog(
                                Strategy.ROUND_ROBIN,
                                Given.channel("a").keys("1", "2"),
                                Given.channel("b").keys("1", "2"),
                                Given.channel("c").keys("1").priority(1)));
        for (String name : List.of("a/1", "a/2", "b/1", "b/2", "c/1")) simulation.with(name, healed);
        simulation
                .run(200, 60)
                .compare(
                        "channels-everything-down",
                        "Three channels with five keys are down for 30 s; 200 calls a second.\n"
                            + "One attempt a call while all breakers are open; the first call after that is answered.");
        assertTrue(simulation.sum().attemptsPerCall() <= 1.2);
        assertEquals(0, simulation.tallies().get(2).good);
        for (Tally tally : simulation.tallies().subList(3, 6)) assertEquals(tally.calls, tally.good);
    }

    @Test
    @DisplayName("U-36 every key has had enough: the callers are told when to come again")
    void everythingThrottled() throws IOException {
        Behaviour throttled = second -> second < 30 ? reaction(wait(Duration.ofSeconds(5)), 20) : good(100);
        Simulation simulation = over(catalog(Strategy.ROUND_ROBIN, Given.channel("a").keys("1", "2")));
        simulation.with("a/1", throttled).with("a/2", throttled).run(20, 60);
        simulation.compare(
                "channels-everything-throttled",
                "Both keys of the only channel answer 429, wait 5 s, for 30 s; 20 calls a second.\n"
                        + "Each call is sent once, and all that fail say 429, not 502.");
        assertEquals(simulation.sum().calls - simulation.sum().good, simulation.sum().askedToWait);
    }

    private static Simulation half(Behaviour bad) {
        Simulation simulation = over(pair("bad", "good"));
        return simulation.with("bad/1", bad).with("bad/2", bad).with("good/1", up(20)).with("good/2", up(20));
    }

    private static Catalog pair(String one, String other) {
        return catalog(Strategy.ROUND_ROBIN, Given.channel(one).keys("1", "2"), Given.channel(other).keys("1", "2"));
    }

    private static Simulation over(Catalog catalog) {
        return over(10, catalog);
    }

    private static Simulation over(int stretchSeconds, Catalog catalog) {
        return new Simulation(stretchSeconds).byModel(_ -> catalog);
    }

    private static Catalog catalog(Strategy strategy, Given... channels) {
        RoutingPolicy policy = new RoutingPolicy(3, Duration.ofSeconds(10), 20, strategy, 3);
        Channels made = new Channels(Stream.of(channels).map(Given::made).toList(), Map.of(), Map.of());
        return new Catalog(List.of(), "", policy, List.of(), made, Services.NONE, true);
    }

    private static int count(Tally tally, String name) {
        return tally.byTarget.getOrDefault(name, 0);
    }

    private static Behaviour up(int millis) {
        return _ -> good(millis);
    }

    private static Behaviour down(int millis) {
        return _ -> bad(millis);
    }

    private static Reaction good(int millis) {
        return reaction(World.GOOD, millis);
    }

    private static Reaction bad(int millis) {
        return reaction(new Signal.Failed(503), millis);
    }

    private static Reaction reaction(Signal signal, int millis) {
        return new Reaction(signal, millis);
    }

    private static Signal wait(Duration time) {
        return new Signal.Throttled(Optional.of(time), false);
    }
}
