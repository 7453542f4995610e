package dev.martlet;

import java.util.List;

/// Whose credentials a channel is used with.
public sealed interface Keys {
    /// The channel's own; at least one, which may be [Key#NONE].
    record Own(List<Key> list) implements Keys {
        public Own {
            list = List.copyOf(list);
        }
    }

    /// Those that the caller brings.
    record FromClient() implements Keys {}
}
