package dev.martlet;

import java.time.Duration;
import java.util.Locale;

/// How routing remembers failures, and how much of it may be spent on trying again.
///
/// @param failures     consecutive failures that open a breaker, at least 1
/// @param open         how long it then stays open before one probe is let in
/// @param retryPercent retries to failing targets, in hundredths of the calls under way
/// @param strategy     how the keys of a channel take turns
/// @param attempts     channels that one call is sent to at the most, when it is the channels that fail
public record RoutingPolicy(int failures, Duration open, int retryPercent, Strategy strategy, int attempts) {
    /// The default share of retries.
    public static final int RETRY_PERCENT = 20;

    /// The default number of channels that a call is sent to.
    public static final int ATTEMPTS = 3;

    /// How the keys of a channel take turns.
    public enum Strategy {
        ROUND_ROBIN,
        RANDOM,
        /// The one with the fewest attempts under way.
        LEAST_CONNECTIONS;

        /// The word for configuration and statistics.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// With everything else as it is by default.
    public RoutingPolicy(int failures, Duration open, int retryPercent) {
        this(failures, open, retryPercent, Strategy.ROUND_ROBIN, ATTEMPTS);
    }

    /// With everything else as it is by default.
    public RoutingPolicy(int failures, Duration open) {
        this(failures, open, RETRY_PERCENT);
    }
}
