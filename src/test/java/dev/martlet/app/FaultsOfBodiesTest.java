package dev.martlet.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.martlet.app.RawClient.Answer;
import dev.martlet.wire.Http1.RequestHead;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/// Bodies, of answers and of uploads, that are framed, delimited or refused in a way that is odd but sound.
@Timeout(60)
class FaultsOfBodiesTest {
    private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    private static final String REFUSED = "HTTP/1.1 413 Too Large\r\nContent-Length: 5\r\n";
    private static final int CALLS = 6;
    private static final int UPLOAD_MEBIBYTES = 4;

    /// @param reused whether the connection it came on can be used for the next call
    private record Odd(String name, String bytes, boolean reused) {}

    @TestFactory
    @DisplayName("an odd but sound answer arrives intact, also the next one")
    Stream<DynamicTest> intact() {
        String early = "HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n";
        String content = "b\r\n{\"ok\":true}\r\n0\r\n";
        return Stream.of(
                        new Odd("U-20 100 unasked", "HTTP/1.1 100 Continue\r\n\r\n" + FakeProvider.OK, true),
                        new Odd("U-20 103 three times", early.repeat(3) + FakeProvider.OK, true),
                        new Odd("U-22 bytes behind the end", FakeProvider.OK + "garbage", false),
                        new Odd(
                                "U-22 another answer behind the end",
                                FakeProvider.OK + FakeProvider.OK.replace("true", "evil"),
                                false),
                        new Odd(
                                "U-22 bytes behind the last chunk",
                                CHUNKED + content + "\r\nHTTP/1.1 403 No\r\n\r\n",
                                false),
                        new Odd(
                                "U-23 trailers: dropped, the connection is used again",
                                CHUNKED + content + "x-sum: 1\r\nx-b: 2\r\n\r\n",
                                true),
                        new Odd(
                                "U-23 a chunk extension: dropped, the connection is used again",
                                CHUNKED + "b;a=\"b\"\r\n{\"ok\":true}\r\n0;last\r\n\r\n",
                                true))
                .map(odd -> dynamicTest(odd.name(), () -> intact(odd)));
    }

    private static void intact(Odd odd) {
        try (FakeProvider provider = FakeProvider.answering(odd.bytes());
                Stage stage = new Stage(provider, Stage.SHORT);
                RawClient client = new RawClient(stage.port())) {
            for (int i = 1; i < CALLS; i++) {
                client.send(RawClient.GET);
                assertOk(client.read());
            }
            stage.awaitCalls(CALLS - 1); // by then the connection rests
            assertOk(RawClient.get(stage.port())); // another client
            assertEquals(odd.reused() ? 1 : CALLS, provider.connections());
            String line = stage.line(":200(");
            assertTrue(line.endsWith(" complete=true term=--"), line);
        }
    }

    private static void assertOk(Answer answer) {
        assertEquals(200, answer.status());
        assertEquals("{\"ok\":true}", answer.body());
        assertTrue(answer.complete());
        assertFalse(answer.says("x-sum"), answer.head());
    }

    @ParameterizedTest(name = "U-24 {0} to {1}")
    @CsvSource({"204, GET, 0", "205, GET, 0", "304, GET, 5", "200, HEAD, 5"})
    @DisplayName("U-24 an answer that has no body: bytes behind it reach nobody, and its connection is not used again")
    void bodiless(int status, String method, int length) throws IOException {
        String bytes = "HTTP/1.1 " + status + " x\r\nContent-Length: " + length + "\r\n\r\nhello";
        try (FakeProvider provider = FakeProvider.answering(bytes);
                Stage stage = new Stage(provider, Stage.SHORT);
                RawClient client = new RawClient(stage.port())) {
            for (int i = 0; i < 3; i++) {
                client.send(method, "/v1/models", "");
                Answer answer = client.read(method.equals("HEAD"));
                assertEquals(status, answer.status());
                assertEquals("", answer.body());
                assertFalse(status == 204 && answer.says("content-length"), answer::head);
            }
            assertEquals(3, provider.connections());
            String line = stage.line(":" + status + "(");
            assertTrue(line.contains(" out=0 "), line);
            assertTrue(line.endsWith(" complete=true term=--"), line);
        }
    }

    @Test
    @DisplayName("U-25 50 Set-Cookie lines pass")
    void manyCookies() {
        String cookies = "Set-Cookie: a=b\r\n".repeat(50);
        String bytes = "HTTP/1.1 200 OK\r\n" + cookies + "Content-Length: 2\r\n\r\n{}";
        try (FakeProvider provider = FakeProvider.answering(bytes);
                Stage stage = new Stage(provider, Stage.SHORT)) {
            assertEquals(50, RawClient.get(stage.port()).fields().all("Set-Cookie").size());
            stage.awaitLog("-> 200 (");
            stage.awaitLog("complete=true term=--");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Connection: close\r\n", ""})
    @DisplayName("U-39 an answer amid our upload is delivered; its connection is closed, kept alive or not")
    void earlyAnswer(String connection) throws InterruptedException {
        CountDownLatch closed = new CountDownLatch(1);
        FakeProvider.Script script =
                peer -> {
                    if (peer.head().orElseThrow().method().equals("GET")) {
                        peer.send(FakeProvider.OK);
                        return;
                    }
                    peer.send(REFUSED + connection + "\r\nlarge");
                    peer.awaitClose();
                    closed.countDown();
                };
        try (FakeProvider provider = new FakeProvider(script);
                Stage stage = new Stage(provider, Stage.LONG);
                RawClient client = new RawClient(stage.port())) {
            client.upload(30, false);
            assertRefused(client.read());
            assertTrue(closed.await(5, TimeUnit.SECONDS), "the gateway leaves half a request open");
            assertOk(RawClient.get(stage.port()));
            assertEquals(2, provider.connections());
            String line = stage.line(":413(");
            assertTrue(line.endsWith(" complete=true term=--"), line);
        }
    }

    @Test
    @DisplayName("U-39 an answer amid our upload is delivered, though the provider closes right behind it")
    void earlyAnswerAndClose() {
        FakeProvider.Script script =
                peer -> {
                    peer.head();
                    peer.send(REFUSED + "Connection: close\r\n\r\nlarge");
                };
        try (FakeProvider provider = new FakeProvider(script);
                Stage stage = new Stage(provider, Stage.LONG);
                RawClient client = new RawClient(stage.port())) {
            client.upload(30, false);
            assertRefused(client.read());
            assertEquals(1, provider.connections());
            stage.awaitLog(":413(");
        }
    }

    private static void assertRefused(Answer answer) {
        assertEquals(413, answer.status());
        assertEquals("large", answer.body());
        assertTrue(answer.complete());
    }

    @ParameterizedTest
    @ValueSource(strings = {"100 Continue", "103 Early Hints"})
    @DisplayName("U-20 an interim answer amid our upload ends nothing: all of it arrives, and so does the final answer")
    void interimAmidUpload(String interim) {
        AtomicLong uploaded = new AtomicLong();
        FakeProvider.Script script =
                peer -> {
                    RequestHead head = peer.head().orElseThrow();
                    peer.send("HTTP/1.1 " + interim + "\r\n\r\n");
                    uploaded.set(peer.drain(head));
                    peer.send(FakeProvider.OK);
                };
        try (FakeProvider provider = new FakeProvider(script);
                Stage stage = new Stage(provider, Stage.LONG);
                RawClient client = new RawClient(stage.port())) {
            client.upload(UPLOAD_MEBIBYTES, false);
            assertOk(client.read());
            assertEquals((long) UPLOAD_MEBIBYTES << 20, uploaded.get());
            assertEquals(1, provider.connections());
            String line = stage.line(":200(");
            assertTrue(line.contains(" in=" + uploaded.get() + " "), line);
            assertTrue(line.endsWith(" complete=true term=--"), line);
        }
    }

    @Test
    @DisplayName("U-39 an interim answer, then a refusal amid our upload: the refusal is delivered")
    void interimThenRefusal() {
        FakeProvider.Script script =
                peer -> {
                    peer.head();
                    peer.send("HTTP/1.1 103 Early Hints\r\n\r\n" + REFUSED + "\r\nlarge");
                    peer.awaitClose();
                };
        try (FakeProvider provider = new FakeProvider(script);
                Stage stage = new Stage(provider, Stage.LONG);
                RawClient client = new RawClient(stage.port())) {
            client.upload(30, true);
            assertRefused(client.read());
            assertTrue(stage.line(":413(").endsWith(" complete=true term=--"));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisplayName("U-40 a provider that never reads: the upload is broken off")
    void neverReads(boolean chunked) {
        CountDownLatch over = new CountDownLatch(1);
        FakeProvider.Script script =
                _ -> {
                    try {
                        over.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                };
        try (FakeProvider provider = new FakeProvider(script);
                Stage stage = new Stage(provider, Stage.SHORT);
                RawClient client = new RawClient(stage.port())) {
            client.upload(30, chunked);
            assertEquals(503, client.read().status());
            String line = stage.line(":send-timeout(");
            assertTrue(line.endsWith(" term=SC"), line);
            assertEquals(1, provider.connections());
        } finally {
            over.countDown();
        }
    }

    @Test
    @DisplayName("U-41 a body too large to keep: the first 503 is delivered, nobody else is asked")
    void tooLargeToReplay() {
        try (FakeProvider provider = FakeProvider.answering("HTTP/1.1 503 No\r\nContent-Length: 4\r\n\r\nbusy");
                Stage stage = new Stage(provider, Stage.LONG);
                RawClient client = new RawClient(stage.port())) {
            client.upload(2, false);
            Answer answer = client.read();
            assertEquals(503, answer.status());
            assertEquals("busy", answer.body());
            assertEquals(1, provider.requests().size());
            assertTrue(stage.line(":503(").contains(" replay_too_large "));
        }
    }

    @Test
    @DisplayName("an answer that ends with its connection is delivered the same way")
    void closeDelimited() throws IOException {
        untilClose("HTTP/1.1 200 OK\r\n\r\nhello", RawClient.GET);
    }

    @Test
    @DisplayName("a client of HTTP/1.0 gets no chunks")
    void noChunksForHttp10() throws IOException {
        untilClose(CHUNKED + "2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n", RawClient.GET.replace("HTTP/1.1", "HTTP/1.0"));
    }

    private static void untilClose(String bytes, String request) throws IOException {
        FakeProvider.Script script =
                peer -> {
                    peer.request();
                    peer.send(bytes);
                };
        try (FakeProvider provider = new FakeProvider(script);
                Stage stage = new Stage(provider, Stage.SHORT);
                RawClient client = new RawClient(stage.port())) {
            client.send(request);
            Answer got = client.read();
            assertEquals("hello", got.body());
            assertFalse(got.says("Transfer-Encoding"), got.head());
            assertFalse(got.says("Content-Length"), got.head());
            assertTrue(got.says("Connection: close"), got.head());
            assertTrue(client.ended());
        }
    }
}
