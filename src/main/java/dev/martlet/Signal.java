package dev.martlet;

import java.time.Duration;
import java.util.Optional;

/// What an attempt reported, before anything of it reached the client.
public sealed interface Signal {
    /// An answer that counts as success.
    record Good(int status) implements Signal {}

    /// Name lookup, connect or TLS failed: nothing was sent.
    record Unreachable(Cause cause) implements Signal {}

    /// Sent at least in part, then reset, closed, badly framed, or no head in time.
    record Broken(Cause cause) implements Signal {}

    /// The upstream answered with a 5xx.
    ///
    /// @param pause what it asks for before it is asked again; empty when it did not say
    record Failed(int status, Optional<Duration> pause) implements Signal {
        /// One that asks for nothing.
        public Failed(int status) {
            this(status, Optional.empty());
        }
    }

    /// The upstream answered with another status that is not a success; its own "no".
    record Refused(int status) implements Signal {}

    /// This key has had enough for now.
    ///
    /// @param pause     until it may be used again; empty when the provider did not say
    /// @param quotaGone whether its quota or money is used up, and not only its rate
    record Throttled(Optional<Duration> pause, boolean quotaGone) implements Signal {}

    /// The provider does not know this key, or no longer: 401, or what its dialect says in its place.
    record KeyRefused(int status) implements Signal {}

    /// The provider knows this key, and does not let it use this model.
    record KeyForbidden(int status) implements Signal {}

    /// The provider does not have this model.
    record ModelUnknown(int status) implements Signal {}

    /// The provider asks to be asked again: 408, 425.
    record Postponed(int status) implements Signal {}

    /// An answer that says success and holds none: nothing, a page for people, an error, or an address elsewhere.
    record Nonsense(Cause cause) implements Signal {}

    /// As many attempts are under way there as may be: nothing was sent.
    record Busy() implements Signal {}

    /// It cannot be asked in a dialect that is spoken there without meaning something else: nothing was sent.
    record Unfit() implements Signal {}

    /// What a signal tells of the target that it came from.
    enum Health {
        /// It took the request and had an answer to it, if only its own "no".
        WELL,
        /// It failed, or could not be reached.
        SICK,
        /// Nothing: the key, the model or the moment was the wrong one.
        UNKNOWN
    }

    /// What this tells of its target.
    default Health health() {
        return switch (this) {
            case Good _, Refused _ -> Health.WELL;
            case Failed _, Unreachable _, Broken _, Nonsense _ -> Health.SICK;
            case Throttled _, KeyRefused _, KeyForbidden _, ModelUnknown _, Postponed _, Busy _, Unfit _ ->
                    Health.UNKNOWN;
        };
    }

    /// The word for logs and trails: a status or a cause.
    default String word() {
        return switch (this) {
            case Good(int status) -> Integer.toString(status);
            case Failed(int status, _) -> Integer.toString(status);
            case Refused(int status) -> Integer.toString(status);
            case Unreachable(Cause cause) -> cause.word();
            case Broken(Cause cause) -> cause.word();
            case Throttled(_, boolean quotaGone) -> quotaGone ? "quota" : "429";
            case KeyRefused(int status) -> "key-" + status;
            case KeyForbidden(int status) -> "key-" + status;
            case ModelUnknown(int status) -> "model-" + status;
            case Postponed(int status) -> Integer.toString(status);
            case Nonsense(Cause cause) -> cause.word();
            case Busy() -> "busy";
            case Unfit() -> "unfit";
        };
    }
}
