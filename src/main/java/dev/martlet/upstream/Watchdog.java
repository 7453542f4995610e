package dev.martlet.upstream;

import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// Does things at a later time, for what a socket timeout cannot bound: handshakes, rests, rounds. One thread, tasks are short.
final class Watchdog {
    private final ScheduledThreadPoolExecutor thread;

    Watchdog() {
        thread = new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon().name("upstream-watchdog").factory());
        thread.setRemoveOnCancelPolicy(true);
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /// Runs the task after so many nanoseconds, unless it is called off.
    Bite after(long nanos, Runnable task) {
        if (thread.isShutdown()) return () -> {};
        ScheduledFuture<?> scheduled = thread.schedule(task, nanos, TimeUnit.NANOSECONDS);
        return () -> scheduled.cancel(false);
    }

    void stop() {
        thread.shutdown();
    }

    /// What will happen; closing it calls it off.
    @FunctionalInterface
    interface Bite extends AutoCloseable {
        @Override
        void close();
    }
}
