package dev.martlet.config;

import dev.martlet.telemetry.TelemetrySettings;
import dev.martlet.telemetry.TelemetrySettings.Format;
import dev.martlet.telemetry.TelemetrySettings.Level;

/// The section `log`.
final class TelemetryKeys {
    private static final Kind<Level> LEVEL = Kind.word(Level.class);
    private static final Kind<Format> FORMAT = Kind.word(Format.class);

    private TelemetryKeys() {}

    static TelemetrySettings read(Section log) {
        TelemetrySettings standard = TelemetrySettings.standard();
        return new TelemetrySettings(
                log.setting("level", LEVEL).or(LEVEL, "LOG_LEVEL").value(standard.level()),
                log.setting("format", FORMAT).value(standard.format()));
    }
}
