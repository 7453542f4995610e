package dev.martlet;

import java.util.List;

/// Who makes a call, as far as it decides which keys may be spent on it.
///
/// @param mayUseOwnKeys whether the channels' own keys are there for it
/// @param keys          credentials for providers that it brought along
public record Caller(boolean mayUseOwnKeys, List<Secret> keys) {
    public Caller {
        keys = List.copyOf(keys);
    }
}
