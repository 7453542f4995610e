package dev.martlet;

import java.time.Duration;

/// Does something again and again on a thread of its own, until it is closed. A round that fails does not end it; the log
/// says so once until a round goes well again.
public final class Routine implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("martlet.routine");

    private final Duration every;
    private final Runnable round;
    private final Thread thread;
    private boolean stumbled;

    /// @param name  for the thread and the log
    /// @param every the time before each round, the first one too
    public Routine(String name, Duration every, Runnable round) {
        this.every = every;
        this.round = round;
        this.thread = Thread.ofPlatform().daemon().name(name).start(this::run);
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    private void run() {
        try {
            while (true) {
                Thread.sleep(every);
                goRound();
            }
        } catch (InterruptedException _) {
            // closed
        }
    }

    private void goRound() {
        try {
            round.run();
            stumbled = false;
        } catch (RuntimeException | Error bug) {
            if (!stumbled) LOG.log(System.Logger.Level.ERROR, thread.getName() + " stumbled and goes on", bug);
            stumbled = true;
        }
    }
}
