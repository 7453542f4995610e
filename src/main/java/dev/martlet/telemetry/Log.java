package dev.martlet.telemetry;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;

/// Writes lines from a bounded queue on a thread of its own: whoever reads the log slowly holds up no call. Lines that do
/// not fit are dropped and counted, and so are warnings that come in floods.
///
/// Each line begins with its priority for journald, `<N>` (sd-daemon(3)).
final class Log extends Handler {
    private static final int LINES_MAX = 8192;
    private static final int STACK_LINES_MAX = 60;
    private static final long STOP_MILLIS = 2000;

    private final OutputStream out;
    private final TelemetrySettings.Format format;
    private final BlockingQueue<String> lines = new ArrayBlockingQueue<>(LINES_MAX);
    private final LongAdder dropped = new LongAdder();
    private final LongAdder heldBack = new LongAdder();
    private final Flood flood;
    private final SimpleFormatter formatter = new SimpleFormatter();
    private final ObjectMapper json = new ObjectMapper();
    private final Thread writer;
    private volatile boolean stopping;

    /// @param nanoTime a clock that never goes back, in nanoseconds
    Log(OutputStream out, TelemetrySettings.Format format, LongSupplier nanoTime) {
        this.out = out;
        this.format = format;
        this.flood = new Flood(nanoTime);
        this.writer = Thread.ofPlatform().daemon().name("log").start(this::write);
    }

    void line(Level level, Line line) {
        offer(level, line, List.of());
    }

    /// Lines lost since the start, because the queue was full.
    long dropped() {
        return dropped.sum();
    }

    /// Warnings not written since the start, because there were many of their kind.
    long heldBack() {
        return heldBack.sum();
    }

    @Override
    public void publish(LogRecord record) {
        if (!isLoggable(record) || isHeldBack(record)) return;
        Line line = new Line.Message(Escaped.text(String.valueOf(formatter.formatMessage(record))));
        Throwable thrown = record.getThrown();
        offer(record.getLevel(), line, thrown == null ? List.of() : stackTrace(thrown));
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

    private boolean isHeldBack(LogRecord record) {
        if (record.getLevel().intValue() < Level.WARNING.intValue()) return false;
        Flood.Answer answer = flood.ask(String.valueOf(record.getLoggerName()));
        if (!answer.admitted()) heldBack.increment();
        if (answer.heldBack() > 0) {
            String told = answer.heldBack() + " more lines of " + record.getLoggerName() + " were not written";
            line(record.getLevel(), new Line.Message(Escaped.text(told)));
        }
        return !answer.admitted();
    }

    private void offer(Level level, Line line, List<String> stack) {
        String mark = "<" + priority(level) + ">";
        if (format == TelemetrySettings.Format.JSON) {
            offer(mark + object(level, line, stack) + "\n");
            return;
        }
        offer(mark + line.text() + "\n");
        for (String step : stack) offer(mark + step + "\n");
    }

    private void offer(String written) {
        if (!lines.offer(written)) dropped.increment();
    }

    private void write() {
        long told = 0;
        try {
            while (!stopping || !lines.isEmpty()) {
                String line = lines.poll(100, TimeUnit.MILLISECONDS);
                if (line == null) continue;
                out.write(line.getBytes(StandardCharsets.UTF_8));
                long lost = dropped.sum() - told;
                told += lost;
                if (lost > 0) tellDropped(lost);
                if (lines.isEmpty()) out.flush();
            }
        } catch (IOException | InterruptedException e) {
            stopping = true; // nobody reads the log any more; calls go on
        }
    }

    private void tellDropped(long lost) throws IOException {
        Line line = new Line.Message(lost + " log lines dropped");
        boolean asJson = format == TelemetrySettings.Format.JSON;
        String text = asJson ? object(Level.WARNING, line, List.of()) : line.text();
        out.write(("<4>" + text + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private String object(Level level, Line line, List<String> stack) {
        ObjectNode object = json.createObjectNode();
        object.put("time", Instant.now().toString());
        object.put("level", word(level));
        line.into(object);
        if (!stack.isEmpty()) object.put("stack", String.join("\n", stack));
        return object.toString();
    }

    private static List<String> stackTrace(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text, true));
        return text.toString()
                .lines()
                .limit(STACK_LINES_MAX)
                .map(line -> Escaped.text(line.replace("\t", "    ")))
                .toList();
    }

    private static int priority(Level level) {
        return switch (word(level)) {
            case "error" -> 3;
            case "warn" -> 4;
            case "info" -> 6;
            default -> 7;
        };
    }

    /// As `log.level` has it.
    private static String word(Level level) {
        if (level.intValue() >= Level.SEVERE.intValue()) return "error";
        if (level.intValue() >= Level.WARNING.intValue()) return "warn";
        return level.intValue() >= Level.INFO.intValue() ? "info" : "debug";
    }
}
