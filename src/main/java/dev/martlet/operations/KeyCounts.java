package dev.martlet.operations;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.martlet.ChannelStates;
import dev.martlet.KeyCondition.State;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// The keys of all channels, counted by what keeps them from being used (seed 002's `loadBalancer`). Keys that callers bring
/// are not among them.
record KeyCounts(Map<State, Integer> states) {
    static KeyCounts of(List<ChannelStates> channels) {
        Map<State, Integer> states = new EnumMap<>(State.class);
        for (ChannelStates channel : channels) {
            channel.keys().forEach((state, count) -> states.merge(state, count, Integer::sum));
        }
        return new KeyCounts(states);
    }

    ObjectNode into(ObjectNode object) {
        object.put("totalKeys", states.values().stream().mapToInt(Integer::intValue).sum());
        object.put("availableKeys", in(State.AVAILABLE));
        return object.put("circuitBrokenKeys", in(State.CIRCUIT_BROKEN) + in(State.HALF_OPEN));
    }

    int in(State state) {
        return states.getOrDefault(state, 0);
    }
}
