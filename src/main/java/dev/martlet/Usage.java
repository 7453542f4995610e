package dev.martlet;

/// The tokens of one call, each counted once.
///
/// @param input     of the prompt, the cached ones included
/// @param cached    of these, read from the provider's cache
/// @param output    of the answer, reasoning included
/// @param reasoning of these, thought and not said
public record Usage(long input, long cached, long output, long reasoning) {}
