package dev.martlet;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/// How routing sees a target now.
///
/// @param name       the target's name
/// @param untilProbe how long until one call may try it again; empty when it is not shut out
/// @param load       what is under way there
public record Condition(String name, State state, Optional<Duration> untilProbe, Load load) {

    /// The attempts that a target is busy with.
    ///
    /// @param inFlight how many
    /// @param crowded  whether it holds its share of the places for calls: others are tried before it
    public record Load(int inFlight, boolean crowded) {}

    /// The states of a breaker.
    public enum State {
        CLOSED,
        OPEN,
        /// Its time is over: the next call, or the one that runs, decides.
        HALF_OPEN;

        /// The word for metrics and statistics.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
