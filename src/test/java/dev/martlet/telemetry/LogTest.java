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
        Log log = new Log(out, Format.TEXT);
        log.line(Level.SEVERE, "a");
        log.line(Level.WARNING, "b");
        log.line(Level.INFO, "c");
        log.line(Level.FINE, "d");
        log.close();
        assertEquals(List.of("<3>a", "<4>b", "<6>c", "<7>d"), lines());
    }

    @Test
    void aJsonLineIsAnObject() throws IOException {
        Log log = new Log(out, Format.JSON);
        log.line(Level.WARNING, "say \"hello\"");
        log.close();
        String line = lines().getFirst();
        assertTrue(line.startsWith("<4>{"));
        JsonNode object = new ObjectMapper().readTree(line.substring(3));
        assertEquals("warning", object.path("level").asText());
        assertEquals("say \"hello\"", object.path("message").asText());
        assertTrue(Instant.parse(object.path("time").asText()).isAfter(Instant.EPOCH));
        assertEquals(3, object.size());
    }

    @Test
    void aRecordIsEscapedAndItsStackTraceFollowsLineByLine() {
        Log log = new Log(out, Format.TEXT);
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
        Log log = new Log(stalled(writing, resumed), Format.TEXT);
        log.line(Level.INFO, "first");
        writing.await();
        for (int i = 0; i < 10_000; i++) log.line(Level.INFO, "next");
        resumed.countDown();
        log.close();
        List<String> lines = lines();
        assertEquals("<6>first", lines.getFirst());
        long kept = lines.stream().filter(line -> line.equals("<6>next")).count();
        assertTrue(kept > 0 && kept < 10_000);
        assertTrue(lines.contains("<4>" + (10_000 - kept) + " log lines dropped"));
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
        Log log = new Log(broken, Format.TEXT);
        log.line(Level.INFO, "first");
        failed.await();
        for (int i = 0; i < 10_000; i++) log.line(Level.INFO, "next");
        log.close();
        assertEquals(List.of(), lines());
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
