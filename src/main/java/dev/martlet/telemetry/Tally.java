package dev.martlet.telemetry;

import dev.martlet.CallRecord;
import dev.martlet.Signal;
import dev.martlet.Tried;

import java.time.InstantSource;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;

/// Counts calls, and attempts on the pool, since the start.
final class Tally {
    private final InstantSource clock;
    private final LongAdder calls = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder millis = new LongAdder();
    private final LongAdder answered = new LongAdder();
    private final LongAdder firstByteMillis = new LongAdder();
    private final ConcurrentMap<String, Totals.Attempts> pool = new ConcurrentHashMap<>();

    Tally(InstantSource clock) {
        this.clock = clock;
    }

    void add(CallRecord call) {
        calls.increment();
        if (call.failed()) failed.increment();
        millis.add(call.millis());
        call.firstByteMillis()
                .ifPresent(first -> {
                    answered.increment();
                    firstByteMillis.add(first);
                });
        if (TargetKind.of(call.surface()) != TargetKind.POOL) return; // channels have counts of their own, key by key
        for (Tried tried : call.trail()) add(tried);
    }

    Totals totals() {
        return new Totals(calls.sum(), failed.sum(), millis.sum(), answered.sum(), firstByteMillis.sum(), pool);
    }

    private void add(Tried tried) {
        boolean good = tried.signal().health() == Signal.Health.WELL;
        pool.compute(
                TargetNames.bounded(tried.target(), pool.keySet()),
                (_, before) -> (before == null ? Totals.Attempts.NONE : before).and(good, clock.instant()));
    }
}
