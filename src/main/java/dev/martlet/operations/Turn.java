package dev.martlet.operations;

import dev.martlet.Departure;
import dev.martlet.Patience;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// The time that one of several things done for a client may take: it ends with the client's patience, or sooner.
final class Turn implements Patience {
    private boolean over;
    private Optional<Runnable> onEnd = Optional.empty();

    /// Ends it after this time.
    void endIn(Duration time) {
        CompletableFuture.delayedExecutor(time.toMillis(), TimeUnit.MILLISECONDS).execute(this::end);
    }

    synchronized void end() {
        if (over) return;
        over = true;
        onEnd.ifPresent(Runnable::run);
    }

    synchronized boolean isOver() {
        return over;
    }

    @Override
    public synchronized Watch watch(Runnable onLeave) {
        if (over) onLeave.run();
        else onEnd = Optional.of(onLeave);
        return this::forget;
    }

    private synchronized void forget() {
        onEnd = Optional.empty();
    }

    @Override
    public Departure departure() {
        return Departure.LEFT;
    }
}
