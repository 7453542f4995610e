package dev.martlet.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.martlet.RoutingPolicy.Strategy;
import dev.martlet.Signal;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// How the keys of a channel take turns.
class KeysTest {
    @Test
    void equalOnesTakeTurnsInTheirOrder() {
        assertEquals("123123123", turns(9, "1", "2", "3"));
        assertEquals("1212", turns(4, "1:7", "2:7"));
    }

    @ParameterizedTest
    @CsvSource({
        // what each weighs, and the turns of one round
        "1:2 2:1, 121",
        "1:5 2:1, 121111",
        "1:3 2:2, 12112",
        "1:50 2:100, 122"
    })
    void weightsAreExactAndSpread(String keys, String round) {
        String[] words = keys.split(" ", -1);
        String turns = turns(3 * round.length(), words);
        for (int i = 0; i < 3; i++) {
            String one = turns.substring(i * round.length(), (i + 1) * round.length());
            assertEquals(sorted(round), sorted(one));
        }
    }

    @Test
    void aRoundOfManyIsExactToo() {
        String[] words = IntStream.rangeClosed(1, 40).mapToObj(i -> i + ":" + (i % 7 + 1)).toArray(String[]::new);
        int round = IntStream.rangeClosed(1, 40).map(i -> i % 7 + 1).sum();
        World world = new World(Given.channel("a").keys(words));
        for (int repeat = 0; repeat < 3; repeat++) {
            Map<String, Long> counts = counts(world, round);
            for (int i = 1; i <= 40; i++) assertEquals(i % 7 + 1, counts.get("a/" + i));
        }
    }

    @Test
    void theHeavyOneIsNotAskedManyTimesInARow() {
        String turns = turns(40, "1:3", "2:2", "3:1", "4:2");
        assertTrue(!turns.contains("111") && !turns.contains("22") && !turns.contains("44"), turns);
    }

    @Test
    void theTurnsOfOneThatIsShutOutGoToAllOthers() {
        World world = new World(Given.channel("a").keys("1", "2", "3", "4"));
        world.call(new Signal.KeyRefused(401), World.GOOD);
        Map<String, Long> counts = counts(world, 300);
        assertEquals(Map.of("a/2", 100L, "a/3", 100L, "a/4", 100L), counts);
    }

    @ParameterizedTest
    @CsvSource({
        // how many keys there are, and the places of those that are not dead
        "40, 0 1",
        "40, 3 21 24",
        "12, 0 9 11",
        "10, 1 2",
        "100, 2 30 75 97"
    })
    void whereMostAreShutOutTheRestSharesEvenly(int keys, String alive) {
        Set<String> rest = Stream.of(alive.split(" ", -1)).map("a/"::concat).collect(Collectors.toSet());
        World world =
                new World(
                        Given.channel("a")
                                .keys(IntStream.range(0, keys).mapToObj(Integer::toString).toArray(String[]::new)));
        for (int dead = 0; dead < keys - rest.size(); ) dead += kills(world, rest) ? 1 : 0;
        Map<String, Long> counts = counts(world, 1000);
        assertEquals(rest, counts.keySet());
        for (long count : counts.values()) assertTrue(count >= 800 / rest.size(), counts::toString);
    }

    /// Makes a call that finds its key dead, unless it is one of these.
    private static boolean kills(World world, Set<String> spared) {
        try (Plan plan = world.plan();
                Lease lease = plan.next().orElseThrow()) {
            boolean dies = !spared.contains(lease.attempt().name());
            if (dies) lease.learn(new Signal.KeyRefused(401));
            return dies;
        }
    }

    @Test
    void atRandomByWeight() {
        World world = new World(Given.channel("a").keys("1:3", "2:1"));
        world.strategy = Strategy.RANDOM;
        long first = counts(world, 4000).getOrDefault("a/1", 0L);
        assertTrue(first > 2850 && first < 3150, first + " of 4000");
    }

    @Test
    void theIdlestFirstTiesByTurn() {
        World world = new World(Given.channel("a").keys("1", "2", "3"));
        world.strategy = Strategy.LEAST_CONNECTIONS;
        List<Lease> held = new ArrayList<>();
        for (int i = 0; i < 6; i++) held.add(world.plan().next().orElseThrow());
        assertEquals(
                Map.of("a/1", 2L, "a/2", 2L, "a/3", 2L),
                held.stream().collect(Collectors.groupingBy(lease -> lease.attempt().name(), Collectors.counting())));
        Lease released = held.get(4);
        released.close();
        for (int i = 0; i < 5; i++) assertEquals(released.attempt().name(), world.answerer());
    }

    @Test
    void theIdlestForItsWeight() {
        World world = new World(Given.channel("a").keys("1:3", "2:1"));
        world.strategy = Strategy.LEAST_CONNECTIONS;
        List<String> held = new ArrayList<>();
        for (int i = 0; i < 40; i++) held.add(world.plan().next().orElseThrow().attempt().name());
        long heavy = held.stream().filter("a/1"::equals).count();
        assertTrue(heavy >= 29 && heavy <= 31, heavy + " of 40");
    }

    private static String turns(int calls, String... keys) {
        World world = new World(Given.channel("a").keys(keys));
        return IntStream.range(0, calls).mapToObj(_ -> world.answerer().substring(2)).collect(Collectors.joining());
    }

    private static Map<String, Long> counts(World world, int calls) {
        Map<String, Long> counts = new TreeMap<>();
        for (int i = 0; i < calls; i++) counts.merge(world.answerer(), 1L, Long::sum);
        return counts;
    }

    private static String sorted(String text) {
        return text.chars().sorted().mapToObj(Character::toString).collect(Collectors.joining());
    }
}
