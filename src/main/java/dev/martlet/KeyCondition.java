package dev.martlet;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/// How routing sees a key of a channel now.
///
/// @param masked  the credential, all but unreadable
/// @param reason  one or two words on the state, as [LeftOut] has them; empty when the key is available
/// @param untilTried how long until it may be tried again; empty when it is not shut out, or for good
public record KeyCondition(
        String channel,
        String key,
        String masked,
        State state,
        String reason,
        Optional<Duration> untilTried,
        Counts counts,
        Since since) {

    /// What attempts with it came to; one that is under way, or that its client left, is neither success nor failure.
    public record Counts(long requests, long successes, long failures) {}

    /// How long ago something happened last; empty for what never did.
    ///
    /// @param change of the state, by an answer or by hand
    public record Since(
            Optional<Duration> request,
            Optional<Duration> success,
            Optional<Duration> failure,
            Optional<Duration> change) {}

    /// What keeps a key from being used.
    public enum State {
        AVAILABLE,
        /// It had enough for now.
        COOLING,
        /// Its quota or money is used up.
        RESTING,
        /// The provider does not know it: until it is changed, or reset by hand.
        DEAD,
        /// Too many failures in a row.
        CIRCUIT_BROKEN,
        /// One call tries it, and decides.
        HALF_OPEN;

        /// The word for metrics and statistics.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
