package dev.martlet.app;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// For what comes about soon, but not at once: looks until it has, and fails when it does not.
final class Wait {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(5);

    private Wait() {}

    static void until(BooleanSupplier condition) {
        until(condition, () -> "it did not come to that in time");
    }

    /// @param otherwise what is said when it does not come to that
    static void until(BooleanSupplier condition, Supplier<String> otherwise) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - end < 0, otherwise);
            pause(BETWEEN_LOOKS);
        }
    }

    static void on(CountDownLatch latch) {
        try {
            assertTrue(latch.await(PATIENCE.toNanos(), TimeUnit.NANOSECONDS), "it did not come to that in time");
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    static void pause(Duration time) {
        LockSupport.parkNanos(time.toNanos());
    }
}
