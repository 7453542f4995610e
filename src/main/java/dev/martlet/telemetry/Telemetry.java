package dev.martlet.telemetry;

import dev.martlet.CallRecord;
import dev.martlet.Routine;

import java.io.OutputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;

/// The operator's view: takes over the log of the process, turns records of calls into lines, and counts.
public final class Telemetry implements AutoCloseable {
    /// Logs a stack trace when the port is taken; `serve` says it in one line. Held: a logger that nobody holds forgets its level.
    private static final Logger STARTING = Logger.getLogger("io.helidon.webserver.LoomServer");

    private static final Logger OURS = Logger.getLogger("martlet");
    private static final Duration STATS_EVERY = Duration.ofSeconds(30);

    private final Log log;
    private final Surroundings surroundings;
    private final Meters meters;
    private final Tally tally = new Tally(Clock.systemUTC());
    private final Routine statistics;
    private volatile Level level;

    /// @param out          where lines go; standard output for journald
    /// @param surroundings asked at the start which targets there are, and for everything else when somebody looks
    public Telemetry(TelemetrySettings settings, OutputStream out, Surroundings surroundings) {
        this.surroundings = surroundings;
        log = new Log(out, settings.format(), System::nanoTime);
        level = of(settings.level());
        LogManager.getLogManager().reset();
        Logger root = Logger.getLogger("");
        root.setLevel(Level.WARNING);
        OURS.setLevel(level);
        STARTING.setLevel(Level.OFF);
        root.addHandler(log);
        meters = new Meters(surroundings, log);
        StatsLine.Since since = new StatsLine.Since(totals(), Footprint.now());
        statistics =
                new Routine(
                        "statistics", STATS_EVERY, () -> since.next(totals(), Footprint.now()).ifPresent(this::info));
    }

    /// Notes a call that has ended.
    public void record(CallRecord call) {
        meters.count(call);
        tally.add(call);
        info(new CallLine(call));
    }

    /// Notes something that the operator should know.
    public void note(String text) {
        info(new Line.Message(Escaped.text(text)));
    }

    /// From now on lines from this level on are written.
    public void level(TelemetrySettings.Level from) {
        level = of(from);
        OURS.setLevel(level);
    }

    /// Every meter as text for Prometheus, version 0.0.4 of its format.
    public String metrics() {
        return meters.text();
    }

    /// What it asks the other rooms.
    public Surroundings surroundings() {
        return surroundings;
    }

    /// What has been counted since the start.
    public Totals totals() {
        return tally.totals();
    }

    @Override
    public void close() {
        statistics.close();
        meters.close();
        Logger.getLogger("").removeHandler(log);
        log.close();
    }

    private void info(Line line) {
        if (Level.INFO.intValue() >= level.intValue()) log.line(Level.INFO, line);
    }

    private static Level of(TelemetrySettings.Level level) {
        return switch (level) {
            case DEBUG -> Level.FINE;
            case INFO -> Level.INFO;
            case WARN -> Level.WARNING;
            case ERROR -> Level.SEVERE;
        };
    }
}
