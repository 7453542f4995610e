package dev.martlet.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.martlet.Caller;
import dev.martlet.Channel;
import dev.martlet.Channels;
import dev.martlet.Keys;
import dev.martlet.Secret;
import dev.martlet.Signal;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// What is remembered is bounded, whatever callers and configurations bring; and a good call looks at little of it.
class BoundsTest {
    private long nanos = Long.MAX_VALUE - 5;
    private final Bulkhead bulkhead = new Bulkhead(1000);
    private final Memory memory = new Memory(() -> nanos, bulkhead);

    @Test
    @DisplayName("O-16 models that rest: the last so many, each for ten minutes")
    void modelsThatRest() {
        Rests rests = new Rests(() -> nanos);
        for (int i = 0; i < 100_000; i++) {
            nanos++;
            rests.add("m" + i);
        }
        assertEquals(Rests.MAX, rests.size());
        assertTrue(rests.leftNanos("m99999") > 0);
        assertEquals(0, rests.leftNanos("m0"));
        nanos += Duration.ofMinutes(10).toNanos();
        assertEquals(0, rests.leftNanos("m99999"));
        rests.add("one");
        assertEquals(1, rests.size());
    }

    @Test
    @DisplayName("O-16 callers' keys: the last so many, for an hour")
    void callersKeys() {
        CallersKeys keys = memory.callersKeys();
        Ring first = keys.ring("a", CallersKeys.named(List.of(new Secret("sk-fake-first"))));
        for (int i = 0; i < 100_000; i++) keys.ring("a", CallersKeys.named(List.of(new Secret("sk-fake-" + i))));
        assertEquals(CallersKeys.REMEMBERED_MAX, keys.remembered());
        Ring again = keys.ring("a", CallersKeys.named(List.of(new Secret("sk-fake-99999"))));
        assertEquals(CallersKeys.REMEMBERED_MAX, keys.remembered());
        assertTrue(again.all().getFirst().memory() != first.all().getFirst().memory());
        nanos += Duration.ofHours(1).toNanos();
        Ring later = keys.ring("a", CallersKeys.named(List.of(new Secret("sk-fake-99999"))));
        assertEquals(1, keys.remembered());
        assertTrue(later.all().getFirst().memory() != again.all().getFirst().memory(), "an hour at most");
    }

    @Test
    void ofManyKeysOfOneCallerTheFirstCount() {
        List<Secret> secrets = IntStream.range(0, 10_000).mapToObj(i -> new Secret("sk-fake-" + i)).toList();
        World world = new World(Given.channel("a").fromClient());
        Signal throttled = new Signal.Throttled(Optional.empty(), false);
        List<String> asked = World.call(world.plan("m", new Caller(false, secrets)), throttled);
        assertEquals(CallersKeys.OF_ONE_MAX, asked.size());
    }

    @Test
    void channelsOfConfigurationsThatAreGone() {
        List<ChannelMemory> first = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            Channel stays = Given.channel("stays").made();
            Channel comes = Given.channel("c" + i).made();
            Channels channels = new Channels(List.of(stays, comes), Map.of(), Map.of());
            memory.of(comes, channels);
            first.add(memory.of(stays, channels));
            assertTrue(memory.remembered() <= 70, memory.remembered() + " channels");
        }
        assertEquals(1, first.stream().distinct().count(), "one that stays is not forgotten");
    }

    @Test
    void keysOfConfigurationsThatAreGone() {
        ChannelMemory channel = new ChannelMemory(() -> nanos, bulkhead.compartment());
        List<KeyMemory> first = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            if (!(Given.channel("a").keys("stays", "k" + i).made().keys() instanceof Keys.Own own))
                throw new AssertionError();
            first.add(channel.ring(own).all().getFirst().memory());
            assertTrue(channel.remembered() <= 70, channel.remembered() + " keys");
        }
        assertEquals(1, first.stream().distinct().count(), "one that stays is not forgotten");
    }

    @Test
    @DisplayName("a good call among 10,000 keys looks at one channel")
    void aGoodCallLooksAtLittle() {
        String[] keys = IntStream.range(0, 10).mapToObj(Integer::toString).toArray(String[]::new);
        Given[] many = IntStream.range(0, 1000).mapToObj(i -> Given.channel("c" + i).keys(keys)).toArray(Given[]::new);
        World world = new World(many);
        world.answerer();
        assertEquals(1, world.router.channelsRemembered());
    }
}
