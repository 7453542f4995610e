package dev.martlet.telemetry;

import dev.martlet.Condition;
import dev.martlet.Crowding;
import dev.martlet.Reloads;

import java.util.List;
import java.util.function.Supplier;

/// What telemetry asks the other rooms when somebody looks.
///
/// @param version which Martlet this is
public record Surroundings(
        String version, Supplier<List<Condition>> conditions, Supplier<Crowding> crowding, Supplier<Reloads> reloads) {}
