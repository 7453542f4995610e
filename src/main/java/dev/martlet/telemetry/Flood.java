package dev.martlet.telemetry;

import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/// Keeps one source of warnings from filling the log: of each source so many lines in a while, the rest is counted.
final class Flood {
    static final int LINES_MAX = 20;
    static final long WHILE_SECONDS = 10;
    private static final int SOURCES_MAX = 256;

    private final LongSupplier nanoTime;
    private final Map<String, Window> windows = new HashMap<>();

    private static final class Window {
        private long since;
        private int lines;
        private long heldBack;
    }

    Flood(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /// What to do with a line.
    ///
    /// @param admitted whether to write it
    /// @param heldBack lines of this source that were not written before, to be told once; 0 when there is nothing to tell
    record Answer(boolean admitted, long heldBack) {}

    synchronized Answer ask(String source) {
        long now = nanoTime.getAsLong();
        if (windows.size() >= SOURCES_MAX) windows.values().removeIf(window -> over(window, now));
        Window window = windows.computeIfAbsent(source, _ -> started(now));
        long told = 0;
        if (over(window, now)) {
            told = window.heldBack;
            window.since = now;
            window.lines = 0;
            window.heldBack = 0;
        }
        boolean admitted = ++window.lines <= LINES_MAX;
        if (!admitted) window.heldBack++;
        return new Answer(admitted, told);
    }

    private static Window started(long now) {
        Window window = new Window();
        window.since = now;
        return window;
    }

    private static boolean over(Window window, long now) {
        return now - window.since >= WHILE_SECONDS * 1_000_000_000L;
    }
}
