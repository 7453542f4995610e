package dev.martlet.telemetry;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/// Writes lines from a bounded queue on a thread of its own: whoever reads the log slowly holds up no call. Lines that do
/// not fit are dropped and counted.
///
/// Each line begins with its priority for journald, `<N>` (sd-daemon(3)).
final class Log extends Handler {
    private static final int LINES_MAX = 8192;
    private static final long STOP_MILLIS = 2000;

    private final OutputStream out;
    private final TelemetrySettings.Format format;
    private final BlockingQueue<String> lines = new ArrayBlockingQueue<>(LINES_MAX);
    private final AtomicLong dropped = new AtomicLong();
    private final ObjectMapper json = new ObjectMapper();
    private final Thread writer;
    private volatile boolean stopping;

    Log(OutputStream out, TelemetrySettings.Format format) {
        this.out = out;
        this.format = format;
        this.writer = Thread.ofPlatform().daemon().name("log").start(this::write);
    }

    /// A line that is escaped already.
    void line(Level level, String text) {
        String body = format == TelemetrySettings.Format.JSON ? object(level, text) : text;
        if (!lines.offer("<" + priority(level) + ">" + body + "\n")) dropped.incrementAndGet();
    }

    @Override
    public void publish(LogRecord record) {
        if (!isLoggable(record)) return;
        String text = String.valueOf(new java.util.logging.SimpleFormatter().formatMessage(record));
        line(record.getLevel(), Escaped.text(text));
        if (record.getThrown() != null) stackTrace(record.getThrown()).forEach(line -> line(record.getLevel(), line));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        stopping = true;
        try {
            writer.join(STOP_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write() {
        try {
            while (!stopping || !lines.isEmpty()) {
                String line = lines.poll(100, TimeUnit.MILLISECONDS);
                if (line == null) continue;
                out.write(line.getBytes(StandardCharsets.UTF_8));
                long lost = dropped.getAndSet(0);
                if (lost > 0) out.write(("<4>" + lost + " log lines dropped\n").getBytes(StandardCharsets.UTF_8));
                if (lines.isEmpty()) out.flush();
            }
        } catch (IOException | InterruptedException e) {
            stopping = true; // nobody reads the log any more; calls go on
        }
    }

    private String object(Level level, String text) {
        ObjectNode object = json.createObjectNode();
        object.put("time", Instant.now().toString());
        object.put("level", level.getName().toLowerCase(java.util.Locale.ROOT));
        object.put("message", text);
        return object.toString();
    }

    private static java.util.stream.Stream<String> stackTrace(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text, true));
        return text.toString().lines().limit(60).map(line -> Escaped.text(line.replace("\t", "    ")));
    }

    private static int priority(Level level) {
        if (level.intValue() >= Level.SEVERE.intValue()) return 3;
        if (level.intValue() >= Level.WARNING.intValue()) return 4;
        return level.intValue() >= Level.INFO.intValue() ? 6 : 7;
    }
}
