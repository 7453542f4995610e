package dev.martlet.routing;

import dev.martlet.Channel;
import dev.martlet.Channels;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/// What is remembered of channels and keys, by their identities and fingerprints: it outlives a change of the catalog.
final class Memory {
    /// Channels that are no longer configured are remembered, too, up to so many and as many as are.
    private static final int GONE_MAX = 64;

    private final LongSupplier nanoTime;
    private final Bulkhead bulkhead;
    private final CallersKeys callersKeys;
    private final Map<String, ChannelMemory> channels = new ConcurrentHashMap<>();

    Memory(LongSupplier nanoTime, Bulkhead bulkhead) {
        this.nanoTime = nanoTime;
        this.bulkhead = bulkhead;
        this.callersKeys = new CallersKeys(nanoTime);
    }

    CallersKeys callersKeys() {
        return callersKeys;
    }

    /// @param configured the channels that there are now
    ChannelMemory of(Channel channel, Channels configured) {
        String identity = configured.identity(channel);
        ChannelMemory known = channels.get(identity);
        return known == null ? introduced(identity, configured) : known;
    }

    private ChannelMemory introduced(String identity, Channels configured) {
        if (channels.size() > 2 * configured.list().size() + GONE_MAX) {
            channels.keySet().retainAll(Set.copyOf(configured.identities()));
        }
        return channels.computeIfAbsent(identity, _ -> new ChannelMemory(nanoTime, bulkhead.compartment()));
    }

    /// How many channels are remembered.
    int remembered() {
        return channels.size();
    }
}
