package dev.martlet.routing;

import dev.martlet.Signal;

/// What a signal means for a raw call: it goes on when nothing was sent, when there is no answer, and on a 5xx; the last
/// one's own answer is delivered whatever its status.
final class RawRuling {
    private RawRuling() {}

    /// Whether this is the answer.
    static boolean isFinal(Signal signal) {
        return signal.health() == Signal.Health.WELL;
    }

    /// Whether the call may be sent once more after this.
    static boolean mayFollow(Signal signal, Again again) {
        boolean untouched = signal instanceof Signal.Unreachable || signal.health() == Signal.Health.UNKNOWN;
        return again == Again.FREELY || (untouched && again == Again.UNTOUCHED);
    }

    /// For an attempt that none may follow: the call ends with what it has.
    static Verdict last(Signal signal) {
        boolean answer = isFinal(signal) || signal instanceof Signal.Failed;
        return answer ? Verdict.DELIVER : Verdict.GIVE_UP;
    }
}
