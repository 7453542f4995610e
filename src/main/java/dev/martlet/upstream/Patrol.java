package dev.martlet.upstream;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// Goes round those who wait, twenty times a second, for as long as there are any.
///
/// A timer for each wait would be exact, and dear: setting it and calling it off wakes a thread each time, for a wait that
/// nearly always ends well. What the patrol sees, it sees a round late.
final class Patrol {
    private static final System.Logger LOG = System.getLogger("martlet.upstream");
    private static final long ROUND_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /// Empty rounds before it rests: a quiet moment between two calls shall not cost a wake-up.
    private static final int EMPTY_ROUNDS_MAX = 20;

    /// Somebody who may be waiting.
    @FunctionalInterface
    interface Ward {
        /// Must not block. `now` is on the clock of [System#nanoTime].
        void look(long now);
    }

    private final Watchdog watchdog;
    private final Set<Ward> wards = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean walking = new AtomicBoolean();
    private int emptyRounds;
    private boolean stumbled;

    Patrol(Watchdog watchdog) {
        this.watchdog = watchdog;
    }

    void add(Ward ward) {
        wards.add(ward);
        walkOn();
    }

    void remove(Ward ward) {
        wards.remove(ward);
    }

    private void walkOn() {
        if (!walking.get() && walking.compareAndSet(false, true)) watchdog.after(ROUND_NANOS, this::walk);
    }

    private void walk() {
        try {
            long now = System.nanoTime();
            for (Ward ward : wards) look(ward, now);
        } finally {
            goOn();
        }
    }

    /// A ward that throws must not keep the others from being looked after.
    private void look(Ward ward, long now) {
        try {
            ward.look(now);
        } catch (RuntimeException | Error bug) {
            if (!stumbled) LOG.log(System.Logger.Level.ERROR, "the patrol stumbled and goes on; told once", bug);
            stumbled = true;
        }
    }

    private void goOn() {
        emptyRounds = wards.isEmpty() ? emptyRounds + 1 : 0;
        if (emptyRounds < EMPTY_ROUNDS_MAX) {
            watchdog.after(ROUND_NANOS, this::walk);
            return;
        }
        emptyRounds = 0;
        walking.set(false);
        if (!wards.isEmpty()) walkOn(); // one came while we were leaving
    }
}
