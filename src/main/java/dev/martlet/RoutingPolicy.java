package dev.martlet;

import java.time.Duration;

/// How routing remembers failures, and how much of it may be spent on trying again.
///
/// @param failures     consecutive failures that open a breaker, at least 1
/// @param open         how long it then stays open before one probe is let in
/// @param retryPercent retries to failing targets, in hundredths of the calls under way
public record RoutingPolicy(int failures, Duration open, int retryPercent) {
    /// The default share of retries.
    public static final int RETRY_PERCENT = 20;

    /// With the default share of retries.
    public RoutingPolicy(int failures, Duration open) {
        this(failures, open, RETRY_PERCENT);
    }
}
