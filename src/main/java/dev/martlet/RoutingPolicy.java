package dev.martlet;

import java.time.Duration;

/// How routing remembers failures.
///
/// @param failures consecutive failures that open a breaker, at least 1
/// @param open     how long it then stays open before one probe is let in
public record RoutingPolicy(int failures, Duration open) {}
