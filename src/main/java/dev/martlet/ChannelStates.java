package dev.martlet;

import java.util.Map;

/// How a channel fares, in numbers: cheap enough for whoever asks often.
///
/// @param up   as in [ChannelCondition]
/// @param keys how many of its own are in which state; no entry for a state that none is in
public record ChannelStates(String name, boolean up, Condition.Load load, Map<KeyCondition.State, Integer> keys) {
    public ChannelStates {
        keys = Map.copyOf(keys);
    }

    /// How many keys are in a state.
    public int keys(KeyCondition.State state) {
        return keys.getOrDefault(state, 0);
    }
}
