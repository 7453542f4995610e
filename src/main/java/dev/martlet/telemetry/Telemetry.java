package dev.martlet.telemetry;

import dev.martlet.CallRecord;

import java.io.OutputStream;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;

/// The operator's view: takes over the log of the process, and turns records of calls into lines.
public final class Telemetry implements AutoCloseable {
    /// Logs a stack trace when the port is taken; `serve` says it in one line. Held: a logger that nobody holds forgets its level.
    private static final Logger STARTING = Logger.getLogger("io.helidon.webserver.LoomServer");

    private static final Logger OURS = Logger.getLogger("martlet");

    private final Log log;
    private final Level level;

    /// @param out where lines go; standard output for journald
    public Telemetry(TelemetrySettings settings, OutputStream out) {
        log = new Log(out, settings.format());
        level =
                switch (settings.level()) {
                    case DEBUG -> Level.FINE;
                    case INFO -> Level.INFO;
                    case WARN -> Level.WARNING;
                    case ERROR -> Level.SEVERE;
                };
        LogManager.getLogManager().reset();
        Logger root = Logger.getLogger("");
        root.setLevel(Level.WARNING);
        OURS.setLevel(level);
        STARTING.setLevel(Level.OFF);
        root.addHandler(log);
    }

    /// Notes a call that has ended.
    public void record(CallRecord call) {
        if (Level.INFO.intValue() >= level.intValue()) log.line(Level.INFO, CallLine.of(call));
    }

    /// Notes something that the operator should know.
    public void note(String text) {
        if (Level.INFO.intValue() >= level.intValue()) log.line(Level.INFO, Escaped.text(text));
    }

    @Override
    public void close() {
        Handler handler = log;
        Logger.getLogger("").removeHandler(handler);
        handler.close();
    }
}
