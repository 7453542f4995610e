package dev.martlet.server;

import dev.martlet.ClientLeft;
import dev.martlet.Patience;
import dev.martlet.Refusal;
import dev.martlet.Refused;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// Lets a number of calls run at the same time. One that comes above it waits a moment for a place, first come, first
/// served, and is refused when none gets free.
final class Turnstile {
    private static final Duration WAIT = Duration.ofMillis(500);

    private final int placesMax;
    private final Semaphore places;

    Turnstile(int placesMax) {
        this.placesMax = placesMax;
        this.places = new Semaphore(placesMax, true);
    }

    /// @throws ClientLeft when the client left while it waited: its call is never begun
    void enter(Patience client) {
        if (hasRoom()) return;
        AtomicBoolean left = new AtomicBoolean();
        try (Patience.Watch _ = client.watch(() -> left.set(true))) {
            if (!places.tryAcquire(WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw left.get() ? new ClientLeft(client.departure()) : new Refused(new Refusal.Overloaded());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refused(new Refusal.Overloaded());
        }
        if (!left.get()) return;
        places.release();
        throw new ClientLeft(client.departure());
    }

    /// Without a time a semaphore lets those who just come pass those who wait.
    private boolean hasRoom() {
        try {
            return places.tryAcquire(0, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    void leave() {
        places.release();
    }

    int inside() {
        return placesMax - places.availablePermits();
    }

    int placesMax() {
        return placesMax;
    }
}
