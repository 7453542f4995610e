package dev.martlet.telemetry;

/// What is logged, and in which form.
public record TelemetrySettings(Level level, Format format) {

    /// From the most to the least talkative.
    public enum Level {
        DEBUG,
        INFO,
        WARN,
        ERROR
    }

    /// One line a record: text for people and journald, or JSON objects.
    public enum Format {
        TEXT,
        JSON
    }

    public static TelemetrySettings standard() {
        return new TelemetrySettings(Level.INFO, Format.TEXT);
    }
}
