package dev.martlet.routing;

import java.util.concurrent.TimeUnit;

/// How many of the last ten seconds' attempts on one target were good; counted by whole seconds.
final class SuccessShare {
    private static final int SECONDS = 10;
    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final int[] good = new int[SECONDS];
    private final int[] all = new int[SECONDS];
    private final long startNanos;
    private long second;

    SuccessShare(long nanoTime) {
        startNanos = nanoTime;
    }

    void add(boolean succeeded, long nanoTime) {
        int now = forgetUntil(nanoTime);
        all[now]++;
        if (succeeded) good[now]++;
    }

    /// Whether fewer than this many hundredths were good; nobody is, of whom nothing is known.
    boolean isBelow(int percent, long nanoTime) {
        forgetUntil(nanoTime);
        long goodOnes = 0;
        long allOfThem = 0;
        for (int i = 0; i < SECONDS; i++) {
            goodOnes += good[i];
            allOfThem += all[i];
        }
        return goodOnes * 100 < allOfThem * percent;
    }

    /// The place of the present second, emptied with all that have passed unseen.
    private int forgetUntil(long nanoTime) {
        long now = (nanoTime - startNanos) / SECOND_NANOS;
        for (long passed = Math.max(second + 1, now - SECONDS + 1); passed <= now; passed++) {
            good[(int) (passed % SECONDS)] = 0;
            all[(int) (passed % SECONDS)] = 0;
        }
        second = Math.max(second, now);
        return (int) (second % SECONDS);
    }
}
