package dev.martlet;

import java.util.Locale;

/// The lane that a call was given, and why.
///
/// @param bodyBytes the length that its body was announced with; 0 when there was none
public record LaneChoice(Reason reason, long bodyBytes) {
    private static final double MEBIBYTE = 1 << 20;

    /// Why a call gets its lane (`product.md`, section 6); the words are those of seed 001.
    public enum Reason {
        METHOD(Lane.EDGE, "Method suitable for Edge"),
        STREAMING(Lane.EDGE, "Streaming request"),
        LONG_RUNNING(Lane.BACKGROUND, "Long-running API"),
        LARGE_BODY(Lane.BACKGROUND, "Large request body"),
        DEFAULT(Lane.EDGE, "Default to Edge");

        private final Lane lane;
        private final String text;

        Reason(Lane lane, String text) {
            this.lane = lane;
            this.text = text;
        }

        public Lane lane() {
            return lane;
        }

        /// The word for metrics.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Lane lane() {
        return reason.lane();
    }

    /// For the log: `Large request body: 1.23MB`.
    public String text() {
        return reason == Reason.LARGE_BODY ? reason.text + ": " + megabytes(bodyBytes) : reason.text;
    }

    /// As seed 001 writes a size.
    static String megabytes(long bytes) {
        return String.format(Locale.ROOT, "%.2fMB", bytes / MEBIBYTE);
    }
}
