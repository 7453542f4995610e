package dev.martlet.routing;

import dev.martlet.Key;
import dev.martlet.Keys;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/// What is remembered of one channel: how it fares, which models it lacks, whose turn it is, and its keys.
final class ChannelMemory {
    /// Keys that are no longer configured are remembered, too, up to so many and as many as are.
    private static final int GONE_MAX = 64;

    private final LongSupplier nanoTime;
    private final SuccessShare share;
    private final Bulkhead.Compartment compartment;
    private final Rests models;
    private final AtomicLong turns = new AtomicLong();
    private final Map<String, KeyMemory> keys = new ConcurrentHashMap<>();
    private volatile Optional<OwnRing> own = Optional.empty();

    private record OwnRing(List<Key> keys, Ring ring) {}

    ChannelMemory(LongSupplier nanoTime, Bulkhead.Compartment compartment) {
        this.nanoTime = nanoTime;
        this.share = new SuccessShare(nanoTime);
        this.compartment = compartment;
        this.models = new Rests(nanoTime);
    }

    SuccessShare share() {
        return share;
    }

    Bulkhead.Compartment compartment() {
        return compartment;
    }

    /// Models that its provider does not have.
    Rests models() {
        return models;
    }

    /// The number of a turn of its keys, one more each time.
    long nextTurn() {
        return turns.getAndIncrement();
    }

    /// Its own keys; made anew when they are others than before.
    @SuppressWarnings("ReferenceEquality") // of lists that are equal one more ring is made, and no key is compared
    Ring ring(Keys.Own configured) {
        Optional<OwnRing> now = own;
        boolean same = now.isPresent() && now.get().keys() == configured.list();
        return same ? now.get().ring() : renewed(configured.list());
    }

    private synchronized Ring renewed(List<Key> configured) {
        Ring ring = new Ring(configured.stream().map(key -> new Ring.Slot(key, memory(key))).toList());
        if (keys.size() > 2 * configured.size() + GONE_MAX) {
            Set<String> present = new HashSet<>();
            configured.forEach(key -> present.add(key.id()));
            keys.keySet().retainAll(present);
        }
        own = Optional.of(new OwnRing(configured, ring));
        return ring;
    }

    private KeyMemory memory(Key key) {
        return keys.computeIfAbsent(key.id(), _ -> new KeyMemory(nanoTime));
    }

    /// How many keys are remembered.
    int remembered() {
        return keys.size();
    }
}
