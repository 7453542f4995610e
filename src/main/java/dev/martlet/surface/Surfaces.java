package dev.martlet.surface;

import dev.martlet.relay.Models;
import dev.martlet.relay.Relay;
import dev.martlet.server.Door;

import java.util.Collection;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// All public doors, in the order in which they are asked.
public final class Surfaces {
    private Surfaces() {}

    /// The door of the services, which stands before those of the operator: they keep what else looks like its path.
    ///
    /// @param names of the services there are
    public static Door services(Relay relay, Supplier<Collection<String>> names) {
        return new ServicesSurface(relay, names);
    }

    /// The other doors.
    ///
    /// @param channels    whether there is a channel: else the paths of models are transparent like all others
    /// @param exposeTrail whether every caller may know which channel answers
    public static List<Door> of(Relay relay, Models models, BooleanSupplier channels, boolean exposeTrail) {
        return List.of(new OpenAiSurface(relay, models, channels, exposeTrail), new TransparentSurface(relay));
    }
}
