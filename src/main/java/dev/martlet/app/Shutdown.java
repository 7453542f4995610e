package dev.martlet.app;

import sun.misc.Signal;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/// Ends a gateway on SIGTERM or SIGINT: the first lets running calls come to their end, the second cuts them.
final class Shutdown {
    /// As if the signal had ended the process: calls were cut (sysexits.h has nothing for it; 128 + 15).
    private static final int CUT = 143;

    private final Gateway gateway;
    private final BooleanSupplier succeeded;
    private final AtomicBoolean begun = new AtomicBoolean();

    /// @param succeeded whether another process listens on our port by now, asked when the signal comes
    Shutdown(Gateway gateway, BooleanSupplier succeeded) {
        this.gateway = gateway;
        this.succeeded = succeeded;
    }

    void onSignals() {
        Signal.handle(new Signal("TERM"), _ -> begin());
        Signal.handle(new Signal("INT"), _ -> begin());
    }

    private void begin() {
        if (begun.compareAndSet(false, true)) stop();
        else gateway.cut();
    }

    /// On a thread that keeps the process alive: the one that hands us the signal is a daemon, and so are its children.
    private void stop() {
        Thread.ofPlatform().daemon(false).name("shutdown").start(this::run);
    }

    private void run() {
        boolean whole = gateway.stop(succeeded.getAsBoolean());
        System.exit(whole ? 0 : CUT);
    }
}
