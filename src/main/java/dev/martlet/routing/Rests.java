package dev.martlet.routing;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/// Models that are not asked for here, each for a while. Callers choose the names, so that only so many are remembered.
final class Rests {
    static final int MAX = 128;
    private static final long REST_NANOS = Duration.ofMinutes(10).toNanos();

    private final LongSupplier nanoTime;
    private final Map<String, Long> since = new HashMap<>();
    private volatile boolean any;

    Rests(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /// Lets a model rest for ten minutes from now.
    synchronized void add(String model) {
        long now = nanoTime.getAsLong();
        since.values().removeIf(begin -> now - begin >= REST_NANOS);
        if (since.size() >= MAX) {
            since.entrySet().stream()
                    .max(Comparator.comparingLong(rest -> now - rest.getValue()))
                    .map(Map.Entry::getKey)
                    .ifPresent(since::remove);
        }
        since.put(model, now);
        any = true;
    }

    /// How long a model still rests; 0 when it does not.
    long leftNanos(String model) {
        return any ? left(model) : 0;
    }

    private synchronized long left(String model) {
        Long begin = since.get(model);
        if (begin == null) return 0;
        long left = REST_NANOS - (nanoTime.getAsLong() - begin);
        if (left > 0) return left;
        since.remove(model);
        any = !since.isEmpty();
        return 0;
    }

    synchronized void clear() {
        since.clear();
        any = false;
    }

    synchronized int size() {
        return since.size();
    }
}
