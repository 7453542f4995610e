package dev.martlet;

import java.util.OptionalLong;

/// What a call asks for: what its body and path say, as far as routing needs it.
///
/// @param model    as the caller wrote it
/// @param stream   whether the answer is to come event by event
/// @param affinity the same for calls that belong together, so that they find the provider's prompt cache warm; empty when
///                 that would bring nothing
public record Asked(Dialect dialect, Operation operation, String model, boolean stream, OptionalLong affinity) {}
