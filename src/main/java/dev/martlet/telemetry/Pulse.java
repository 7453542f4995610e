package dev.martlet.telemetry;

import java.time.Duration;

/// Does something again and again on a thread of its own, until it is closed. A beat that fails does not end it.
final class Pulse implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("martlet.telemetry");

    private final Duration every;
    private final Runnable beat;
    private final Thread thread;
    private boolean stumbled;

    /// @param every the time before each beat, the first one too
    Pulse(Duration every, Runnable beat) {
        this.every = every;
        this.beat = beat;
        this.thread = Thread.ofVirtual().name("pulse").start(this::run);
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    private void run() {
        try {
            while (true) {
                Thread.sleep(every);
                beatOnce();
            }
        } catch (InterruptedException _) {
            // closed
        }
    }

    private void beatOnce() {
        try {
            beat.run();
        } catch (RuntimeException | Error bug) {
            if (!stumbled) LOG.log(System.Logger.Level.ERROR, "statistics stumbled and go on; told once", bug);
            stumbled = true;
        }
    }
}
