package dev.martlet.operations;

import dev.martlet.Loopback;
import dev.martlet.Refusal;
import dev.martlet.Refused;
import dev.martlet.server.Incoming;

/// Who may see the operator's pages, `/metrics` and `/stats`, on a listener.
public enum Access {
    /// Whoever reaches the listener: it was made for the operator.
    ANYBODY,
    /// Programs on this machine that come without a proxy.
    LOOPBACK,
    /// Nobody: the pages are on a listener of their own, and here are not even known.
    NOBODY;

    /// @throws Refused if the page is not for this request
    void check(Incoming request) {
        switch (this) {
            case ANYBODY -> {}
            case LOOPBACK -> {
                if (!Loopback.is(request.socketAddress(), request.head().fields()))
                    throw new Refused(new Refusal.ForOperators());
            }
            case NOBODY -> throw new Refused(new Refusal.NotFound());
        }
    }
}
