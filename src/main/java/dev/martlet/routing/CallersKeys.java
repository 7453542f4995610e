package dev.martlet.routing;

import dev.martlet.Key;
import dev.martlet.Secret;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// What is remembered of keys that callers brought: by fingerprint, for an hour, and of so many.
final class CallersKeys {
    static final int REMEMBERED_MAX = 4096;

    /// More keys than that of one caller are not looked at.
    static final int OF_ONE_MAX = 64;

    private static final long REMEMBERED_NANOS = TimeUnit.HOURS.toNanos(1);

    private record Whose(String channel, String fingerprint) {}

    private record Since(Whose whose, long nanos) {}

    private final LongSupplier nanoTime;
    private final Map<Whose, KeyMemory> memories = new HashMap<>();
    private final Queue<Since> oldestFirst = new ArrayDeque<>();

    CallersKeys(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /// A caller's keys, named by their places in its list.
    static List<Key> named(List<Secret> secrets) {
        List<Key> keys = new ArrayList<>();
        for (Secret secret : secrets.subList(0, Math.min(OF_ONE_MAX, secrets.size()))) {
            keys.add(new Key("caller-" + (keys.size() + 1), Optional.of(secret), 1));
        }
        return keys;
    }

    /// A caller's keys, as they fared on a channel.
    ///
    /// @param channel its identity
    Ring ring(String channel, List<Key> keys) {
        return new Ring(keys.stream().map(key -> new Ring.Slot(key, memory(channel, key))).toList());
    }

    private synchronized KeyMemory memory(String channel, Key key) {
        Whose whose = new Whose(channel, key.id());
        forget();
        KeyMemory known = memories.get(whose);
        if (known != null) return known;
        if (memories.size() >= REMEMBERED_MAX) memories.remove(oldestFirst.remove().whose());
        KeyMemory made = new KeyMemory(nanoTime);
        memories.put(whose, made);
        oldestFirst.add(new Since(whose, nanoTime.getAsLong()));
        return made;
    }

    private void forget() {
        long now = nanoTime.getAsLong();
        for (Since oldest = oldestFirst.peek();
                oldest != null && now - oldest.nanos() >= REMEMBERED_NANOS;
                oldest = oldestFirst.peek()) {
            memories.remove(oldestFirst.remove().whose());
        }
    }

    synchronized int remembered() {
        return memories.size();
    }
}
