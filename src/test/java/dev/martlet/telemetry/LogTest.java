package dev.martlet.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.martlet.telemetry.TelemetrySettings.Format;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.logging.LogRecord;

@Timeout(30)
class LogTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Test
    void aTextLineBeginsWithItsPriority() {
        Log log = new Log(out, Format.TEXT, System::nanoTime);
        log.line(Level.SEVERE, new Line.Message("a"));
        log.line(Level.WARNING, new Line.Message("b"));
        log.line(Level.INFO, new Line.Message("c"));
        log.line(Level.FINE, new Line.Message("d"));
        log.close();
        assertEquals(List.of("<3>a", "<4>b", "<6>c", "<7>d"), lines());
    }

    @Test
    void aJsonLineIsAnObject() throws IOException {
        Log log = new Log(out, Format.JSON, System::nanoTime);
        log.line(Level.WARNING, new Line.Message("say \"hello\""));
        log.close();
        String line = lines().getFirst();
        assertTrue(line.startsWith("<4>{"));
        JsonNode object = new ObjectMapper().readTree(line.substring(3));
        assertEquals("warn", object.path("level").asText());
        assertEquals("say \"hello\"", object.path("message").asText());
        assertTrue(Instant.parse(object.path("time").asText()).isAfter(Instant.EPOCH));
        assertEquals("message", object.path("event").asText());
        assertEquals(4, object.size());
    }

    @Test
    void aRecordIsEscapedAndItsStackTraceFollowsLineByLine() {
        Log log = new Log(out, Format.TEXT, System::nanoTime);
        LogRecord record = new LogRecord(Level.WARNING, "a\nb {0}");
        record.setParameters(new Object[] {"\u001b[2J"});
        record.setThrown(new IllegalStateException("c\n<6>forged"));
        log.publish(record);
        log.close();
        List<String> lines = lines();
        assertEquals("<4>a\\u000ab \\u001b[2J", lines.getFirst());
        assertTrue(lines.size() > 2);
        assertTrue(lines.stream().allMatch(line -> line.startsWith("<4>")));
    }

    @Test
    void aReaderThatStopsHoldsUpNobodyAndIsToldWhatItMissed() throws InterruptedException {
        CountDownLatch writing = new CountDownLatch(1);
        CountDownLatch resumed = new CountDownLatch(1);
        Log log = new Log(stalled(writing, resumed), Format.TEXT, System::nanoTime);
        log.line(Level.INFO, new Line.Message("first"));
        writing.await();
        for (int i = 0; i < 10_000; i++) log.line(Level.INFO, new Line.Message("next"));
        resumed.countDown();
        log.close();
        List<String> lines = lines();
        assertEquals("<6>first", lines.getFirst());
        long kept = lines.stream().filter(line -> line.equals("<6>next")).count();
        assertTrue(kept > 0 && kept < 10_000);
        assertTrue(lines.contains("<4>" + (10_000 - kept) + " log lines dropped"));
        assertEquals(10_000 - kept, log.dropped());
    }

    @Test
    void aReaderThatIsGoneHoldsUpNobody() throws InterruptedException {
        CountDownLatch failed = new CountDownLatch(1);
        OutputStream broken =
                new OutputStream() {
                    @Override
                    public void write(int octet) throws IOException {
                        failed.countDown();
                        throw new IOException("gone");
                    }
                };
        Log log = new Log(broken, Format.TEXT, System::nanoTime);
        log.line(Level.INFO, new Line.Message("first"));
        failed.await();
        for (int i = 0; i < 10_000; i++) log.line(Level.INFO, new Line.Message("next"));
        log.close();
        assertEquals(List.of(), lines());
    }

    @Test
    void aStackTraceIsOneFieldOfItsObject() throws IOException {
        Log log = new Log(out, Format.JSON, System::nanoTime);
        LogRecord record = new LogRecord(Level.SEVERE, "bug");
        record.setThrown(new IllegalStateException("c\n<6>forged"));
        log.publish(record);
        log.close();
        assertEquals(1, lines().size());
        JsonNode object = new ObjectMapper().readTree(lines().getFirst().substring(3));
        assertEquals("error", object.path("level").asText());
        assertTrue(object.path("stack").asText().contains("LogTest"));
    }

    @Test
    void aFloodOfWarningsIsCutShortAndTold() {
        long[] nanos = {Long.MAX_VALUE - 5}; // a clock that wraps around, as System.nanoTime may
        Log log = new Log(out, Format.TEXT, () -> nanos[0]);
        for (int i = 0; i < 1000; i++) log.publish(warning("martlet.edge", "flood"));
        log.publish(warning("martlet.guard", "another"));
        LogRecord mere = new LogRecord(Level.INFO, "mere information");
        mere.setLoggerName("martlet.edge");
        log.publish(mere);
        nanos[0] += Duration.ofSeconds(Flood.WHILE_SECONDS).toNanos();
        log.publish(warning("martlet.edge", "again"));
        log.close();
        List<String> lines = lines();
        assertEquals(Flood.LINES_MAX, lines.stream().filter(line -> line.equals("<4>flood")).count());
        List<String> rest = lines.subList(Flood.LINES_MAX, lines.size());
        String told = "<4>" + (1000 - Flood.LINES_MAX) + " more lines of martlet.edge were not written";
        assertEquals(List.of("<4>another", "<6>mere information", told, "<4>again"), rest);
        assertEquals(1000 - Flood.LINES_MAX, log.heldBack());
    }

    private static LogRecord warning(String logger, String text) {
        LogRecord record = new LogRecord(Level.WARNING, text);
        record.setLoggerName(logger);
        return record;
    }

    /// Writes to [#out], but not before it is told to go on.
    private OutputStream stalled(CountDownLatch writing, CountDownLatch resumed) {
        return new OutputStream() {
            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                writing.countDown();
                try {
                    resumed.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                out.write(bytes, from, length);
            }

            @Override
            public void write(int octet) throws IOException {
                write(new byte[] {(byte) octet}, 0, 1);
            }
        };
    }

    private List<String> lines() {
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
