package dev.martlet;

import java.util.List;

/// How routing sees a channel now.
///
/// @param up   whether calls can go there: some key is not shut out, or with callers' keys: few of its last attempts failed
/// @param keys its own, in the order of the configuration; callers' keys are nobody's business
public record ChannelCondition(String name, boolean up, Condition.Load load, List<KeyCondition> keys) {
    public ChannelCondition {
        keys = List.copyOf(keys);
    }
}
