package dev.martlet.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.martlet.Timeouts;
import dev.martlet.app.RawClient.Answer;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Providers that fail when the client has part of the answer: it sees a cut, never an end, and nobody else is asked.
@Timeout(60)
class FaultsAmidAnswerTest {
    private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

    @Test
    @DisplayName("U-12 closes amid chunks: the client sees a cut, nobody else is asked")
    void cutAmidChunks() {
        cut(
                peer -> {
                    peer.request();
                    peer.send(CHUNKED + "5\r\nhello\r\n");
                },
                "hello",
                "SD");
    }

    @ParameterizedTest
    @CsvSource({"1.1, close-delimited", "1.0, close-delimited", "1.0, chunked"})
    @DisplayName("U-12 an answer that ends with its connection, cut: the client sees a reset, not an end")
    void resetInPlaceOfAnEnd(String version, String framing) throws Exception {
        boolean chunked = framing.equals("chunked");
        CountDownLatch seen = new CountDownLatch(1);
        FakeProvider.Script script =
                peer -> {
                    peer.request();
                    peer.send(chunked ? CHUNKED + "5\r\nhello\r\n" : "HTTP/1.1 200 OK\r\n\r\nhello");
                    Wait.on(seen);
                    peer.reset();
                };
        try (FakeProvider provider = new FakeProvider(script);
                Stage stage = new Stage(provider, Stage.LONG);
                RawClient client = new RawClient(stage.port())) {
            client.send(RawClient.GET.replace("HTTP/1.1", "HTTP/" + version));
            client.await("hello");
            seen.countDown();
            assertThrows(SocketException.class, client::rest);
            stage.awaitLog("complete=false term=SD");
        }
    }

    @Test
    @DisplayName("U-12, U-39 an answer amid an upload that ends with its connection, cut: a reset, not an end")
    void resetAmidUpload() throws Exception {
        CountDownLatch seen = new CountDownLatch(1);
        FakeProvider.Script script =
                peer -> {
                    peer.head();
                    peer.send("HTTP/1.1 200 OK\r\n\r\nhello");
                    Wait.on(seen);
                    peer.reset();
                };
        try (FakeProvider provider = new FakeProvider(script);
                Stage stage = new Stage(provider, Stage.LONG);
                RawClient client = new RawClient(stage.port())) {
            client.send("POST /v1/files HTTP/1.1\r\nHost: a\r\nContent-Length: 2000000\r\n\r\n");
            for (int i = 0; i < 2000 && !client.hasMore(); i++) {
                client.send("x".repeat(100));
                Wait.pause(Duration.ofMillis(10));
            }
            client.await("hello");
            seen.countDown();
            assertThrows(SocketException.class, client::rest);
            stage.awaitLog("complete=false term=SD");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5\r\nhel", "5\r\nhello\r\n", "5\r\nhello\r\n0\r\n"})
    @DisplayName("U-12 resets amid chunks: the client sees a cut, nobody else is asked")
    void resetAmidChunks(String sent) throws Exception {
        String content = sent.isEmpty() ? "" : sent.contains("hello") ? "hello" : "hel";
        CountDownLatch seen = new CountDownLatch(1);
        FakeProvider.Script script =
                peer -> {
                    peer.request();
                    peer.send(CHUNKED + sent);
                    Wait.on(seen);
                    peer.reset();
                };
        try (FakeProvider provider = new FakeProvider(script);
                Stage stage = new Stage(provider, Stage.LONG);
                RawClient client = new RawClient(stage.port())) {
            client.send(RawClient.GET);
            client.await("\r\n\r\n");
            if (!content.isEmpty()) client.await(content);
            seen.countDown();
            String rest = client.rest();
            assertTrue(rest.isEmpty() || rest.equals("\r\n"), "behind the cut came " + rest);
            String line = stage.line(":200(");
            assertTrue(line.contains(" out=" + content.length() + " "), line);
            assertTrue(line.endsWith(" complete=false term=SD"), line);
            assertEquals(1, provider.connections());
        } finally {
            seen.countDown();
        }
    }

    @Test
    @DisplayName("U-13 half of what Content-Length says: the client sees a cut, nobody else is asked")
    void cutAmidLength() {
        String half = "h".repeat(500);
        cut(
                peer -> {
                    peer.request();
                    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + half);
                },
                half,
                "SD");
    }

    @Test
    @DisplayName("U-17 silence amid the answer: cut after the idle timeout")
    void silenceAmidChunks() {
        cut(
                peer -> {
                    peer.request();
                    peer.send(CHUNKED + "5\r\nhello\r\n");
                    peer.awaitClose();
                },
                "hello",
                "sD");
    }

    private static void cut(FakeProvider.Script script, String body, String letters) {
        try (FakeProvider provider = new FakeProvider(script);
                Stage stage = new Stage(provider, Stage.SHORT)) {
            Answer answer = RawClient.get(stage.port());
            assertEquals(200, answer.status());
            assertEquals(body, answer.body());
            assertFalse(answer.complete(), "the answer looks whole");
            String line = stage.line(":200(");
            assertTrue(line.endsWith(" complete=false term=" + letters), line);
            assertEquals(1, provider.connections());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisplayName("U-16 a trickle that is never silent for too long: cut at the total deadline")
    void trickleIsCut(boolean chunked) {
        Timeouts hurried = Stage.timeouts(5_000, 5_000, 800);
        CountDownLatch closed = new CountDownLatch(1);
        FakeProvider.Script endless =
                peer -> {
                    try {
                        trickle(peer, chunked, 10_000);
                    } finally {
                        closed.countDown();
                    }
                };
        try (FakeProvider provider = new FakeProvider(endless);
                Stage stage = new Stage(provider, hurried)) {
            Answer answer = RawClient.get(stage.port());
            assertEquals(200, answer.status());
            assertFalse(answer.complete(), "the answer looks whole");
            assertTrue(answer.body().matches("x+"), answer.body());
            String line = stage.line(":200(");
            assertTrue(line.endsWith(" complete=false term=PD"), line);
            assertTrue(closed.await(5, TimeUnit.SECONDS), "the provider goes on for nobody");
            assertEquals(1, provider.connections());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisplayName("U-16 a trickle that ends before the total deadline is whole")
    void trickleThatEndsIsWhole(boolean chunked) {
        try (FakeProvider provider = new FakeProvider(peer -> trickle(peer, chunked, 20));
                Stage stage = new Stage(provider, Stage.LONG)) {
            Answer answer = RawClient.get(stage.port());
            assertEquals("x".repeat(20), answer.body());
            assertTrue(answer.complete());
            String line = stage.line(":200(");
            assertTrue(line.endsWith(" complete=true term=--"), line);
        }
    }

    /// Sends an answer byte by byte, fifty bytes a second.
    private static void trickle(FakeProvider.Peer peer, boolean chunked, int bytes) throws IOException {
        peer.request();
        peer.send(chunked ? CHUNKED : "HTTP/1.1 200 OK\r\nContent-Length: " + bytes + "\r\n\r\n");
        for (int i = 0; i < bytes; i++) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            peer.send(chunked ? "1\r\nx\r\n" : "x");
        }
        if (chunked) peer.send("0\r\n\r\n");
        peer.awaitClose();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 10737418240\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n7fffffff\r\n"})
    @DisplayName("U-19 an answer of gigabytes flows through without being kept")
    void endless(String framing) throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        FakeProvider.Script script =
                peer -> {
                    peer.request();
                    peer.send("HTTP/1.1 200 OK\r\n" + framing);
                    byte[] part = new byte[64 << 10];
                    try {
                        while (closed.getCount() > 0) peer.send(part);
                    } finally {
                        closed.countDown();
                    }
                };
        try (FakeProvider provider = new FakeProvider(script);
                Stage stage = new Stage(provider, Stage.LONG)) {
            long before = usedMemory();
            try (RawClient client = new RawClient(stage.port())) {
                client.send(RawClient.GET);
                client.skip(64L << 20);
                assertTrue(usedMemory() - before < 32L << 20, "the answer is kept");
            }
            assertTrue(closed.await(5, TimeUnit.SECONDS), "the provider goes on for nobody");
            stage.awaitLog("complete=false term=CD");
        }
    }

    private static long usedMemory() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName("C-19 the client leaves, before the answer or amid it: the provider is called off at once")
    void clientLeaves(boolean midStream) throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        FakeProvider.Script script =
                peer -> {
                    peer.request();
                    asked.countDown();
                    if (midStream) peer.send(CHUNKED + "5\r\nhello\r\n");
                    peer.awaitClose();
                    closed.countDown();
                };
        try (FakeProvider provider = new FakeProvider(script);
                Stage stage = new Stage(provider, Stage.LONG)) {
            try (RawClient client = new RawClient(stage.port())) {
                client.send(RawClient.GET);
                assertTrue(asked.await(5, TimeUnit.SECONDS));
                if (midStream) client.await("hello");
            }
            assertTrue(closed.await(1500, TimeUnit.MILLISECONDS), "the provider works on for nobody");
            stage.awaitLog(midStream ? "complete=false term=CD" : "complete=false term=CH");
            stage.awaitLog(midStream ? " -> 200 (" : " -> 499 (");
            assertEquals(1, provider.connections());
        }
    }

    @Test
    @DisplayName("events of a stream arrive one by one")
    void eventsOneByOne() throws IOException {
        Semaphore arrived = new Semaphore(0);
        FakeProvider.Script script =
                peer -> {
                    peer.request();
                    peer.send(
                            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
                    for (int i = 0; i < 5; i++) {
                        arrived.acquireUninterruptibly();
                        peer.send("9\r\ndata: " + i + "\n\n\r\n");
                    }
                    peer.send("0\r\n\r\n");
                };
        try (FakeProvider provider = new FakeProvider(script);
                Stage stage = new Stage(provider, Stage.LONG);
                RawClient client = new RawClient(stage.port())) {
            client.send(RawClient.GET);
            client.await("\r\n\r\n");
            for (int i = 0; i < 5; i++) {
                arrived.release();
                client.await("data: " + i + "\n\n");
            }
            client.await("0\r\n\r\n");
            stage.awaitLog("complete=true");
        } finally {
            arrived.release(5);
        }
    }
}
