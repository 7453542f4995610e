package dev.martlet.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.martlet.Fields;
import dev.martlet.Patience;
import dev.martlet.Refusal;
import dev.martlet.wire.Http1.Framing;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Where a sign of life may stand in a stream, and where not.
@Timeout(20)
class SteadyStreamTest {
    private final Paper paper = new Paper();
    private final SteadyStream stream = new SteadyStream(paper);

    @Test
    void aBeatStandsBetweenEvents() {
        write("data: 1\n\n", true);
        stream.beat();
        write("data: 2\n\n", true);
        assertEquals("data: 1\n\n: ping\n\ndata: 2\n\n", paper.text());
    }

    @Test
    void noBeatStandsInsideAnEvent() {
        write("data: ha", false);
        stream.beat();
        write("lf\n\n", true);
        stream.beat();
        assertEquals("data: half\n\n: ping\n\n", paper.text());
    }

    @Test
    @DisplayName("no beat stands behind the end: there the next answer on the connection begins")
    void noBeatStandsBehindTheEnd() {
        write("data: 1\n\n", true);
        stream.finish();
        stream.beat();
        assertEquals("data: 1\n\n(end)", paper.text());
    }

    @Test
    void noBeatStandsBehindWhatWasCut() {
        write("data: 1\n\n", true);
        stream.end();
        stream.beat();
        assertEquals("data: 1\n\n", paper.text());
    }

    @Test
    @DisplayName("a stream that is silent gets signs of life, one that was removed gets none")
    void thePulseBeats() throws InterruptedException {
        try (Pulse pulse = new Pulse(Duration.ofMillis(20))) {
            pulse.add(stream);
            assertTrue(paper.pinged.await(10, TimeUnit.SECONDS));
            pulse.remove(stream);
            stream.finish();
        }
        assertTrue(paper.text().startsWith(": ping\n\n: ping\n\n"), paper::text);
        assertTrue(paper.text().endsWith("(end)"), paper::text);
    }

    private void write(String text, boolean ends) {
        stream.write(text.getBytes(StandardCharsets.UTF_8), ends);
    }

    /// Keeps what is written.
    private static final class Paper implements Reply {
        private final StringBuilder text = new StringBuilder();
        private final CountDownLatch pinged = new CountDownLatch(2);

        synchronized String text() {
            return text.toString();
        }

        @Override
        public Patience patience() {
            return Patience.ENDLESS;
        }

        @Override
        public void begin(int status, String reason, Fields fields, Framing framing) {}

        @Override
        public synchronized void write(byte[] bytes, int from, int length) {
            text.append(new String(bytes, from, length, StandardCharsets.UTF_8));
        }

        @Override
        public void flush() {
            pinged.countDown();
        }

        @Override
        public synchronized void finish() {
            text.append("(end)");
        }

        @Override
        public void refuse(Refusal why) {}
    }
}
