package dev.martlet;

/// One attempt as it went: the step of a trail.
///
/// @param name   the target's name
/// @param signal what came of it
/// @param millis how long it took until that was known
public record Tried(String name, Signal signal, long millis) {}
