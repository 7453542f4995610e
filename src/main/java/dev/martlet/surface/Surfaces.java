package dev.martlet.surface;

import dev.martlet.relay.Models;
import dev.martlet.relay.Relay;
import dev.martlet.server.Door;

import java.util.List;
import java.util.function.BooleanSupplier;

/// All public doors, in the order in which they are asked.
public final class Surfaces {
    private Surfaces() {}

    /// The doors.
    ///
    /// @param channels    whether there is a channel: else the paths of models are transparent like all others
    /// @param exposeTrail whether every caller may know which channel answers
    public static List<Door> of(Relay relay, Models models, BooleanSupplier channels, boolean exposeTrail) {
        return List.of(new OpenAiSurface(relay, models, channels, exposeTrail), new TransparentSurface(relay));
    }
}
