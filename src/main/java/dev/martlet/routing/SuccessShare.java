package dev.martlet.routing;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// How many of the last ten seconds' attempts on one target were good; counted by whole seconds.
final class SuccessShare {
    private static final int SECONDS = 10;
    private static final int FAILING_BELOW_PERCENT = 90;
    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final int[] good = new int[SECONDS];
    private final int[] all = new int[SECONDS];
    private final LongSupplier nanoTime;
    private final long startNanos;
    private long second;

    SuccessShare(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.startNanos = nanoTime.getAsLong();
    }

    synchronized void add(boolean succeeded) {
        int now = forget();
        all[now]++;
        if (succeeded) good[now]++;
    }

    /// Whether so few were good that another attempt will probably fail, too; not where nothing is known.
    synchronized boolean isFailing() {
        forget();
        long goodOnes = 0;
        long allOfThem = 0;
        for (int i = 0; i < SECONDS; i++) {
            goodOnes += good[i];
            allOfThem += all[i];
        }
        return goodOnes * 100 < allOfThem * FAILING_BELOW_PERCENT;
    }

    /// The place of the present second, emptied with all that have passed unseen.
    private int forget() {
        long now = (nanoTime.getAsLong() - startNanos) / SECOND_NANOS;
        for (long passed = Math.max(second + 1, now - SECONDS + 1); passed <= now; passed++) {
            good[(int) (passed % SECONDS)] = 0;
            all[(int) (passed % SECONDS)] = 0;
        }
        second = Math.max(second, now);
        return (int) (second % SECONDS);
    }
}
