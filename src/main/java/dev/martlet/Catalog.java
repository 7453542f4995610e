package dev.martlet;

import java.util.List;

/// Everything that may change while Martlet runs; immutable, swapped by one reference.
///
/// @param pool        the services of the transparent surface; fewer than two mean that it is not set up
/// @param poolHint    where the operator sets the pool up, for the refusal when it is not
/// @param routing     how routing remembers failures
/// @param corsOrigins origins that a browser may call from; `*` alone means any
/// @param channels    the upstreams of the surfaces that route by model
/// @param services    those that callers name
/// @param keysForAll  whether the channels' own keys are there for callers from anywhere, and not only from this machine
public record Catalog(
        List<Service> pool,
        String poolHint,
        RoutingPolicy routing,
        List<String> corsOrigins,
        Channels channels,
        Services services,
        boolean keysForAll) {
    public Catalog {
        pool = List.copyOf(pool);
        corsOrigins = List.copyOf(corsOrigins);
    }

    /// Without channels and without services that callers name.
    public Catalog(List<Service> pool, String poolHint, RoutingPolicy routing, List<String> corsOrigins) {
        this(pool, poolHint, routing, corsOrigins, Channels.NONE, Services.NONE, false);
    }
}
