package dev.martlet.routing;

import dev.martlet.Signal;

/// What a signal of a channel means: whose fault it is, and whether another may be asked. This is the table of `product.md`,
/// section 4, "Judge"; its memory is [ChannelLease].
record Ruling(Blame blame, Repeat repeat) {
    enum Blame {
        /// There is an answer, or the caller is to blame for there being none.
        NOBODY,
        KEY,
        CHANNEL
    }

    static Ruling of(Signal signal) {
        return switch (signal) {
            case Signal.Good _, Signal.Refused _ -> new Ruling(Blame.NOBODY, Repeat.NEVER);
            case Signal.Throttled _, Signal.KeyRefused _, Signal.KeyForbidden _ -> new Ruling(Blame.KEY, Repeat.ALWAYS);
            case Signal.Unreachable _, Signal.ModelUnknown _, Signal.Postponed _, Signal.Busy _, Signal.Unfit _ ->
                    new Ruling(Blame.CHANNEL, Repeat.ALWAYS);
            case Signal.Broken _, Signal.Nonsense _ -> new Ruling(Blame.CHANNEL, Repeat.IF_REPLAYABLE_ONCE);
            case Signal.Failed(int status, _) ->
                    new Ruling(Blame.CHANNEL, isFinal(status) ? Repeat.NEVER : Repeat.IF_REPLAYABLE);
        };
    }

    /// 501 and 505: what is not supported here will hardly be elsewhere.
    private static boolean isFinal(int status) {
        return status == 501 || status == 505;
    }
}
