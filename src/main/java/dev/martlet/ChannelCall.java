package dev.martlet;

import java.util.List;

/// A call that is routed by model.
///
/// @param call     as the door saw it
/// @param dialect  that the caller speaks
/// @param keys     credentials that it brought and that are not ours: its own keys for providers, perhaps
/// @param local    whether it comes from this very machine ([Loopback])
/// @param trailShown whether the caller may know who answers, and after how many attempts
public record ChannelCall(
        Call call, Dialect dialect, Operation operation, List<Secret> keys, boolean local, boolean trailShown) {
    public ChannelCall {
        keys = List.copyOf(keys);
    }
}
