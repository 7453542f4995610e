package dev.martlet.relay;

import dev.martlet.Channel;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The channels whose upstream refuses a stream that is to end with a count of tokens; found out by asking, once a channel.
final class UsageRefusers {
    private static final int MAX = 4096;

    private final Set<String> names = ConcurrentHashMap.newKeySet();

    boolean include(Channel channel) {
        return !names.isEmpty() && names.contains(channel.name());
    }

    void add(Channel channel) {
        if (names.size() < MAX) names.add(channel.name());
    }
}
