package dev.martlet;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// What a call asks for: what its body and path say, as far as routing needs it.
///
/// @param dialects in which it can be asked, the caller's own first: a channel is asked in the first that it speaks
/// @param model    as the caller wrote it
/// @param stream   whether the answer is to come event by event
/// @param affinity the same for calls that belong together, so that they find the provider's prompt cache warm; empty when
///                 that would bring nothing
public record Asked(List<Dialect> dialects, Operation operation, String model, boolean stream, OptionalLong affinity) {
    public Asked {
        dialects = List.copyOf(dialects);
    }

    /// In which dialect a channel is asked; empty for one that does not understand the call.
    public Optional<Dialect> spokenBy(Channel channel) {
        for (Dialect dialect : dialects) {
            if (channel.targets().containsKey(dialect)) return Optional.of(dialect);
        }
        return Optional.empty();
    }
}
