package dev.martlet.telemetry;

import dev.martlet.Crowding;
import dev.martlet.Reloads;

import java.util.function.Supplier;

/// What telemetry asks the other rooms when somebody looks.
///
/// @param version which Martlet this is
public record Surroundings(
        String version, Upstreams upstreams, Supplier<Crowding> crowding, Supplier<Reloads> reloads) {}
