package dev.martlet.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.martlet.Signal;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/// Conversations that stay where they were.
class StickinessTest {
    private static final int CONVERSATIONS = 3000;

    @Test
    void aConversationStays() {
        World world = new World(Given.channel("a").keys("1", "2"), Given.channel("b").keys("1", "2"));
        List<String> homes = homes(world);
        for (int i = 0; i < 3; i++) assertEquals(homes, homes(world));
        assertEquals(4, homes.stream().distinct().count());
    }

    @Test
    void itIsTheSameForAnotherGateway() {
        Given[] channels = {Given.channel("a").keys("1", "2"), Given.channel("b").keys("1", "2")};
        assertEquals(homes(new World(channels)), homes(new World(channels)));
    }

    @Test
    void equalOnesHaveEqualShares() {
        World world =
                new World(
                        Given.channel("a").keys("1"), Given.channel("b").keys("1"), Given.channel("c").keys("1", "2"));
        List<String> homes = homes(world);
        assertShare(1 / 3.0, homes, "a/");
        assertShare(1 / 3.0, homes, "b/");
        assertShare(1 / 6.0, homes, "c/1");
    }

    @Test
    void sharesAreByWeight() {
        World world = new World(Given.channel("a").keys("1:3", "2:1").weight(3), Given.channel("b").keys("1"));
        List<String> homes = homes(world);
        assertShare(3 / 4.0, homes, "a/");
        assertShare(9 / 16.0, homes, "a/1");
    }

    @Test
    void onlyWhatLivesWithOneThatFailsMoves() {
        World world = new World(channels(5));
        List<String> before = homes(world);
        kill(world, "c2/1");
        List<String> after = homes(world);
        for (int i = 0; i < CONVERSATIONS; i++) {
            if (!before.get(i).equals("c2/1")) assertEquals(before.get(i), after.get(i));
            else assertTrue(!after.get(i).equals("c2/1"));
        }
        assertTrue(world.router.reset(world.catalog(), "c2", "1"));
        assertEquals(before, homes(world), "and comes back");
    }

    @Test
    void theOneThatFailsLeavesItsShareToAllOthers() {
        World world = new World(channels(5));
        kill(world, "c2/1");
        for (int i : new int[] {0, 1, 3, 4}) assertShare(1 / 4.0, homes(world), "c" + i + "/");
    }

    @Test
    void aNewChannelTakesItsShareAndMovesNothingElse() {
        World world = new World(channels(4));
        List<String> before = homes(world);
        List<String> after = homes(world.configure(channels(5)));
        long moved = IntStream.range(0, CONVERSATIONS).filter(i -> !before.get(i).equals(after.get(i))).count();
        assertEquals(after.stream().filter("c4/1"::equals).count(), moved);
    }

    @Test
    void theNextKeyIsAlsoTheConversationsOwn() {
        World world = new World(Given.channel("a").keys("1", "2", "3", "4"));
        Signal once = new Signal.Throttled(Optional.empty(), false);
        List<String> first = World.call(world.plan(77), once, World.GOOD);
        assertEquals(first.getLast(), World.call(world.plan(77), World.GOOD).getFirst());
    }

    @Test
    void whoStandsBehindIsAskedWhenTheFirstTierIsShutOut() {
        World world = new World(Given.channel("a").keys("1"), Given.channel("b").keys("1").priority(1));
        kill(world, "a/1");
        assertEquals(List.of("b/1"), homes(world).stream().distinct().toList());
    }

    private static Given[] channels(int count) {
        return IntStream.range(0, count).mapToObj(i -> Given.channel("c" + i).keys("1")).toArray(Given[]::new);
    }

    private static List<String> homes(World world) {
        Random random = new Random(5);
        List<String> homes = new ArrayList<>();
        for (int i = 0; i < CONVERSATIONS; i++) {
            homes.add(World.call(world.plan(random.nextLong()), World.GOOD).getFirst());
        }
        return homes;
    }

    /// Has a key refused, whoever asks with it.
    private static void kill(World world, String name) {
        for (long conversation = 0; conversation < 100; conversation++) {
            try (Plan plan = world.plan(conversation);
                    Lease lease = plan.next().orElseThrow()) {
                if (!lease.attempt().name().equals(name)) continue;
                lease.learn(new Signal.KeyRefused(401));
                return;
            }
        }
        throw new AssertionError(name + " is never asked");
    }

    private static void assertShare(double expected, List<String> homes, String prefix) {
        double share = homes.stream().filter(home -> home.startsWith(prefix)).count() / (double) CONVERSATIONS;
        assertEquals(expected, share, 0.04, prefix);
    }
}
