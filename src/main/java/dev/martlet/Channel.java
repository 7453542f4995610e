package dev.martlet;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/// A configured upstream that calls are routed to by model.
///
/// @param name        unique; for logs, trails and the panel
/// @param targets     where it is reached, by the dialects that it speaks there, in their order; at least one
/// @param auths       where it wants its credential, by the dialects that it speaks
/// @param query       added to every request, without a question mark; empty for none
/// @param priority    channels with a smaller one are asked first
/// @param weight      its share of the calls beside the others of the same priority, at least 1
/// @param headers     added to every request
/// @param streaming   in which form it answers
/// @param concurrency attempts that may be under way at the same time; 0 for any number
/// @param total       for all attempts and the whole answer together; a committed stream is bounded by its target
public record Channel(
        String name,
        Map<Dialect, Target> targets,
        Map<Dialect, Auth> auths,
        String query,
        Keys keys,
        ModelNames models,
        int priority,
        int weight,
        Fields headers,
        Streaming streaming,
        int concurrency,
        Duration total) {
    public Channel {
        targets = Collections.unmodifiableMap(new EnumMap<>(targets));
        auths = Map.copyOf(auths);
    }

    /// Stays the same as long as the same provider is asked in the same way: what was learnt under this name holds no more
    /// where its address is another, or its credential stands elsewhere.
    String identity() {
        StringBuilder identity = new StringBuilder(name);
        for (Dialect dialect : Dialect.values()) {
            Target target = targets.get(dialect);
            if (target == null) continue;
            identity.append(' ').append(dialect.word()).append(' ').append(auth(dialect));
            identity.append(' ').append(target.origin()).append(target.basePath());
        }
        return identity.toString();
    }

    /// Where it wants its credential.
    public Auth auth(Dialect dialect) {
        return auths.getOrDefault(dialect, Auth.of(dialect));
    }

    /// Its name: what is added to its requests may be a credential.
    @Override
    public String toString() {
        return "Channel " + name;
    }

    /// Whether the caller's own credential is what it is used with.
    public boolean takesCallersKeys() {
        return keys instanceof Keys.FromClient;
    }
}
