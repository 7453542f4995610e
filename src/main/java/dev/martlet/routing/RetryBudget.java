package dev.martlet.routing;

/// Bounds the retries to failing targets that are under way at the same time, over all calls: where everything fails, trying
/// again must not become the load that keeps it so.
final class RetryBudget {
    private static final int ALWAYS = 3;

    private int calls;
    private int retries;

    synchronized void callBegan() {
        calls++;
    }

    synchronized void callEnded() {
        calls--;
    }

    /// Takes a place, if there is one.
    ///
    /// @param percent of the calls under way
    synchronized boolean take(int percent) {
        if (retries >= Math.max(ALWAYS, (long) calls * percent / 100)) return false;
        retries++;
        return true;
    }

    synchronized void free() {
        retries--;
    }
}
