package dev.martlet;

/// A candidate that a plan passed over, and why.
///
/// @param name of a channel, or of a channel and its key
/// @param why  one or two words: `breaker open`, `cooling 12s`
public record LeftOut(String name, String why) {}
