package dev.martlet.routing;

import dev.martlet.KeyCondition.Counts;
import dev.martlet.KeyCondition.Since;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/// What the attempts with one key came to, for those who look on.
final class History {
    /// A count, and when it last went up.
    private static final class Event {
        private long count;
        private long at;

        void happened(long now) {
            count++;
            at = now;
        }

        Optional<Duration> since(long now) {
            return count == 0 ? Optional.empty() : Optional.of(Duration.ofNanos(now - at));
        }
    }

    private final LongSupplier nanoTime;
    private final Event began = new Event();
    private final Event succeeded = new Event();
    private final Event failed = new Event();
    private final Event changed = new Event();

    History(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    synchronized void began() {
        began.happened(nanoTime.getAsLong());
    }

    /// @param changes whether the key's state is another one by that
    synchronized void succeeded(boolean changes) {
        succeeded.happened(nanoTime.getAsLong());
        if (changes) changed();
    }

    /// @param changes whether the key's state is another one by that
    synchronized void failed(boolean changes) {
        failed.happened(nanoTime.getAsLong());
        if (changes) changed();
    }

    synchronized void changed() {
        changed.happened(nanoTime.getAsLong());
    }

    synchronized Counts counts() {
        return new Counts(began.count, succeeded.count, failed.count);
    }

    synchronized Since since() {
        long now = nanoTime.getAsLong();
        return new Since(began.since(now), succeeded.since(now), failed.since(now), changed.since(now));
    }
}
