package dev.martlet.dialect;

/// What every answer to one call says besides the words of the model, in whole and in each of its events.
///
/// @param id         of the answer, where the provider gave it none; without a prefix
/// @param created    seconds since 1970
/// @param model      as the caller wrote it
/// @param usageAsked whether a stream is to end with a count of tokens, where callers have a choice
public record Heading(String id, long created, String model, boolean usageAsked) {}
