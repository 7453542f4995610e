package dev.martlet.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.martlet.app.RawClient.Answer;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/// A process that stood still for a while, as on a machine that was put to sleep.
@Timeout(60)
class PauseTest {
    private static final int EVENTS = 60;

    @TempDir Path folder = Path.of("");

    @Test
    @DisplayName("S-13 a gateway that stood still: streams go on to their end, and who came meanwhile is answered")
    void goesOn() throws Exception {
        CountDownLatch stopped = new CountDownLatch(1);
        FakeProvider.Script stream =
                peer -> {
                    peer.request();
                    peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
                    awaitQuietly(stopped); // what follows is sent to a process that does not read
                    for (int i = 0; i < EVENTS; i++) peer.send("5\r\nagain\r\n");
                    peer.send("0\r\n\r\n");
                };
        try (FakeProvider provider = new FakeProvider(stream);
                MartletProcess martlet = new MartletProcess(folder, provider);
                RawClient resting = new RawClient(martlet.port());
                RawClient running = new RawClient(martlet.port())) {
            resting.send("GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n");
            assertEquals(200, resting.read().status());
            running.send(RawClient.GET);
            running.await("hello\r\n");
            martlet.signal("STOP");
            stopped.countDown();
            try (RawClient late = new RawClient(martlet.port())) { // the system's queue takes it
                late.send("GET /late HTTP/1.1\r\nHost: a\r\n\r\n");
                Thread.sleep(3000);
                assertFalse(late.hasMore(), "it does not stand still");
                martlet.signal("CONT");
                long since = System.nanoTime();
                assertEquals("again".repeat(EVENTS), chunks(running.await("\r\n0\r\n\r\n")));
                Answer answer = late.read();
                assertEquals(200, answer.status());
                assertTrue(answer.complete());
                resting.send("GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n");
                assertEquals(200, resting.read().status(), "it has rested for less than it may");
                long seconds = (System.nanoTime() - since) / 1_000_000_000;
                assertTrue(seconds < 10, "after " + seconds + " s");
            }
        }
    }

    /// What the chunks hold, the lines of their sizes left out.
    private static String chunks(String body) {
        return body.replaceAll("(?:^|\\r\\n)[0-9a-f]+\\r\\n", "").replace("\r\n", "");
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
