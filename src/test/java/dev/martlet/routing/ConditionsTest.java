package dev.martlet.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.martlet.ChannelCondition;
import dev.martlet.KeyCondition;
import dev.martlet.KeyCondition.Counts;
import dev.martlet.KeyCondition.State;
import dev.martlet.Signal;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Optional;

/// What operators see of channels and keys.
class ConditionsTest {
    private final World world = new World(Given.channel("a").keys("1"), Given.channel("b").keys("1").priority(1));

    @Test
    void aKeyThatWasNeverUsed() {
        KeyCondition key = key();
        assertEquals(State.AVAILABLE, key.state());
        assertEquals("*".repeat("sk-fake-a1".length()), key.masked());
        assertEquals(new Counts(0, 0, 0), key.counts());
        assertEquals(Optional.empty(), key.since().request());
    }

    @Test
    void countsAndTimes() {
        world.call(World.GOOD);
        world.pass(Duration.ofSeconds(5));
        world.call(new Signal.Throttled(Optional.empty(), false), World.GOOD);
        world.pass(Duration.ofSeconds(2));
        KeyCondition key = key();
        assertEquals(new Counts(2, 1, 1), key.counts());
        assertEquals(Optional.of(Duration.ofSeconds(7)), key.since().success());
        assertEquals(Optional.of(Duration.ofSeconds(2)), key.since().failure());
        assertEquals(Optional.of(Duration.ofSeconds(2)), key.since().change());
        assertEquals(State.COOLING, key.state());
        assertEquals(Optional.of(Duration.ofSeconds(28)), key.untilTried());
        world.pass(Duration.ofSeconds(28));
        assertEquals(State.AVAILABLE, key().state());
    }

    @Test
    void theStatesOfABreaker() {
        for (int i = 0; i < 3; i++) world.call(new Signal.Failed(503));
        assertEquals(State.CIRCUIT_BROKEN, key().state());
        assertEquals("breaker open", key().reason());
        assertFalse(channel().up());
        world.pass(Duration.ofSeconds(60));
        assertEquals(State.HALF_OPEN, key().state(), "whoever comes next tries it");
        try (Lease probe = world.plan().next().orElseThrow()) {
            assertEquals("a/1", probe.attempt().name());
            assertEquals(State.HALF_OPEN, key().state());
            assertEquals("probe under way", key().reason());
            probe.learn(World.GOOD);
        }
        assertEquals(State.AVAILABLE, key().state());
        assertTrue(channel().up());
    }

    @Test
    void deadAndResting() {
        world.call(new Signal.KeyRefused(401), World.GOOD);
        assertEquals(State.DEAD, key().state());
        assertEquals(Optional.empty(), key().untilTried());
        assertTrue(world.router.reset(world.catalog(), "a", "1"));
        world.call(new Signal.Throttled(Optional.empty(), true), World.GOOD);
        assertEquals(State.RESTING, key().state());
        assertEquals(Optional.of(Duration.ofMinutes(10)), key().untilTried());
    }

    @Test
    void aModelThatItMayNotUseIsNotItsState() {
        world.call(new Signal.KeyForbidden(403), World.GOOD);
        assertEquals(State.AVAILABLE, key().state());
        assertTrue(channel().up());
    }

    @Test
    void aChannelForCallersKeysIsUpWhileItAnswers() {
        World theirs = new World(Given.channel("t").fromClient());
        World.call(theirs.plan("m", World.with("sk-fake")), World.GOOD);
        ChannelCondition well = theirs.router.channels(theirs.catalog()).getFirst();
        assertTrue(well.up() && well.keys().isEmpty());
        World.call(theirs.plan("m", World.with("sk-fake")), new Signal.Failed(500));
        assertFalse(theirs.router.channels(theirs.catalog()).getFirst().up());
    }

    private ChannelCondition channel() {
        return world.router.channels(world.catalog()).getFirst();
    }

    private KeyCondition key() {
        return channel().keys().getFirst();
    }
}
