package dev.martlet.upstream;

import dev.martlet.Cause;
import dev.martlet.Signal;

/// An exchange that brought no answer, or not the whole of it. Has no stack trace: it is news, not a bug.
public final class ExchangeFailed extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Signal signal;

    private ExchangeFailed(Signal signal) {
        super(signal.word(), null, false, false);
        this.signal = signal;
    }

    static ExchangeFailed unreachable(Cause cause) {
        return new ExchangeFailed(new Signal.Unreachable(cause));
    }

    /// It was sent, and brought no answer, or not the whole of it.
    public static ExchangeFailed broken(Cause cause) {
        return new ExchangeFailed(new Signal.Broken(cause));
    }

    /// [Signal.Unreachable] when nothing was sent, else [Signal.Broken].
    public Signal signal() {
        return signal;
    }
}
