package dev.martlet.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.martlet.Catalog;
import dev.martlet.RoutingPolicy;
import dev.martlet.Service;
import dev.martlet.Target;
import dev.martlet.Timeouts;
import dev.martlet.Trust;
import dev.martlet.app.RawClient.Answer;
import dev.martlet.config.Config;
import dev.martlet.server.ServerSettings;
import dev.martlet.telemetry.TelemetrySettings;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// What becomes of a call when its provider misbehaves (the rows U of the catalogue of faults): the gateway and the
/// providers are real, and between them and the client are only sockets.
@Timeout(60)
class UpstreamFaultsTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n{\"ok\":true}";
    private static final String GET = "GET /v1/models HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String GET_1_0 = "GET /v1/models HTTP/1.0\r\nHost: a\r\n\r\n";
    private static final String POST_WITH_KEY =
            "POST /v1/x HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer k\r\nContent-Length: 2\r\n\r\n{}";
    private static final Timeouts SHORT = timeouts(700, 700);
    private static final Timeouts LONG = timeouts(20_000, 20_000);

    private record Fault(String name, String word, FakeProvider.Script script) {
        static Fault says(String name, String word, String bytes) {
            return new Fault(
                    name,
                    word,
                    peer -> {
                        peer.request();
                        peer.send(bytes);
                    });
        }

        /// What was sent is malformed, and the connection stays open: only a refusal to read on ends it.
        static Fault malformed(String name, String bytes) {
            return new Fault(
                    name,
                    "framing",
                    peer -> {
                        peer.request();
                        peer.send(bytes);
                        peer.awaitClose();
                    });
        }
    }

    private static final List<Fault> BEFORE_AN_ANSWER =
            List.of(
                    new Fault("U-5 accepts and resets", "reset", FakeProvider.Peer::reset),
                    new Fault("U-6 reads the request and closes", "closed", FakeProvider.Peer::request),
                    Fault.says("U-7 half a status line, then closes", "closed", "HTTP/1.1 20"),
                    Fault.says("U-7 half a head, then closes", "closed", "HTTP/1.1 200 OK\r\nContent-Le"),
                    Fault.malformed("U-8 garbage", "\0\1\2garbage\r\n\r\n"),
                    Fault.malformed("U-8 another protocol", "SSH-2.0-OpenSSH_9.9\r\n\r\n"),
                    Fault.malformed("U-8 a body without a head", "<html>hello</html>\r\n\r\n"),
                    Fault.malformed("U-8 status 999", "HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n"),
                    Fault.malformed("U-8 status of two digits", "HTTP/1.1 20\r\nContent-Length: 0\r\n\r\n"),
                    Fault.says("U-10 500", "500", "HTTP/1.1 500 Oops\r\nContent-Length: 2\r\n\r\n{}"),
                    Fault.says("U-10 502", "502", "HTTP/1.1 502 Oops\r\nContent-Length: 2\r\n\r\n{}"),
                    Fault.says("U-10 503", "503", "HTTP/1.1 503 Oops\r\nContent-Length: 2\r\n\r\n{}"),
                    Fault.says("U-10 504", "504", "HTTP/1.1 504 Oops\r\nContent-Length: 2\r\n\r\n{}"),
                    Fault.says("U-10 529", "529", "HTTP/1.1 529 Oops\r\nContent-Length: 2\r\n\r\n{}"),
                    new Fault(
                            "U-15 no head in time",
                            "timeout",
                            peer -> {
                                peer.request();
                                peer.awaitClose();
                            }),
                    framed("U-21 a length and chunks", "Content-Length: 5\r\nTransfer-Encoding: chunked"),
                    framed("U-21 two lengths", "Content-Length: 5\r\nContent-Length: 5"),
                    framed("U-21 a length that is no number", "Content-Length: foo"),
                    framed("U-21 an unknown coding", "Transfer-Encoding: gzip"),
                    framed("U-21 two codings", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"),
                    framed("U-25 200 header lines", "x-many: 1\r\n".repeat(200) + "Content-Length: 5"),
                    framed("U-25 a header of 70 KiB", "x-big: " + "b".repeat(70 << 10) + "\r\nContent-Length: 5"),
                    framed("U-25 NUL in a value", "x-nul: a\0b\r\nContent-Length: 5"));

    private static Fault framed(String name, String fields) {
        return Fault.malformed(name, "HTTP/1.1 200 OK\r\n" + fields + "\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
    }

    @TestFactory
    @DisplayName("nothing has gone to the client: the other service answers")
    Stream<DynamicTest> failsOver() {
        return BEFORE_AN_ANSWER.stream()
                .map(fault ->
                        dynamicTest(
                                fault.name(),
                                () -> {
                                    try (FakeProvider faulty = new FakeProvider(fault.script());
                                            FakeProvider healthy = FakeProvider.answering(OK);
                                            Stage stage = new Stage(faulty.port(), healthy.port(), SHORT)) {
                                        stage.answersUntilMet("service-1:" + fault.word() + "(");
                                        assertTrue(
                                                faulty.requests().size() <= faulty.connections(),
                                                "a broken connection was used again");
                                    }
                                }));
    }

    @Test
    @DisplayName("U-1 connection refused: the other service answers")
    void refused() throws IOException {
        int nobody;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = socket.getLocalPort();
        }
        try (FakeProvider healthy = FakeProvider.answering(OK);
                Stage stage = new Stage(nobody, healthy.port(), SHORT)) {
            stage.answersUntilMet("service-1:refused(");
        }
    }

    @Test
    @DisplayName("U-2 connects to nowhere: the other service answers after the connect timeout")
    void blackhole() throws IOException {
        List<SocketChannel> backlog = new ArrayList<>();
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                FakeProvider healthy = FakeProvider.answering(OK);
                Stage stage = new Stage(full.getLocalPort(), healthy.port(), SHORT)) {
            for (int i = 0; i < 8; i++) {
                SocketChannel channel = SocketChannel.open();
                backlog.add(channel);
                channel.configureBlocking(false);
                channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), full.getLocalPort()));
            }
            stage.answersUntilMet("service-1:connect-timeout(");
        } finally {
            for (SocketChannel channel : backlog) channel.close();
        }
    }

    @Test
    @DisplayName("U-12 reset amid chunks: the client sees a cut, nobody else is asked")
    void cutAmidChunks() {
        cut(
                peer -> {
                    peer.request();
                    peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
                },
                "hello",
                "SD");
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
                    peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
                    peer.awaitClose();
                },
                "hello",
                "sD");
    }

    private static void cut(FakeProvider.Script script, String body, String letters) {
        try (FakeProvider provider = new FakeProvider(script);
                Stage stage = new Stage(provider.port(), provider.port(), SHORT)) {
            Answer answer = RawClient.get(stage.port());
            assertEquals(200, answer.status());
            assertEquals(body, answer.body());
            assertFalse(answer.complete(), "the answer looks whole");
            stage.awaitLog("complete=false term=" + letters);
            assertEquals(1, provider.connections());
        }
    }

    @TestFactory
    @DisplayName("odd but sound: the client gets the answer intact, also the next one")
    Stream<DynamicTest> intact() {
        String early = "HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n";
        String chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        return Stream.of(
                        Fault.says("U-20 100 unasked", "", "HTTP/1.1 100 Continue\r\n\r\n" + OK),
                        Fault.says("U-20 103 three times", "", early.repeat(3) + OK),
                        Fault.says("U-22 bytes behind the end", "", OK + "garbage"),
                        Fault.says("U-22 another answer behind the end", "", OK + OK.replace("true", "evil")),
                        Fault.says(
                                "U-22 bytes behind the last chunk",
                                "",
                                chunked + "b\r\n{\"ok\":true}\r\n0\r\n\r\nHTTP/1.1 403 No\r\n\r\n"),
                        Fault.says(
                                "U-23 trailers", "", chunked + "b\r\n{\"ok\":true}\r\n0\r\nx-sum: 1\r\nx-b: 2\r\n\r\n"),
                        Fault.says("U-23 a chunk extension", "", chunked + "b;a=\"b\"\r\n{\"ok\":true}\r\n0\r\n\r\n"))
                .map(odd ->
                        dynamicTest(
                                odd.name(),
                                () -> {
                                    FakeProvider.Script again =
                                            peer -> {
                                                for (int i = 0; i < 8; i++) odd.script().play(peer);
                                            };
                                    try (FakeProvider provider = new FakeProvider(again);
                                            Stage stage = new Stage(provider.port(), provider.port(), SHORT);
                                            RawClient client = new RawClient(stage.port())) {
                                        for (int i = 0; i < 5; i++) {
                                            client.send(GET);
                                            Answer answer = client.read();
                                            assertEquals(200, answer.status());
                                            assertEquals("{\"ok\":true}", answer.body());
                                            assertTrue(answer.complete());
                                        }
                                        assertEquals("{\"ok\":true}", RawClient.get(stage.port()).body());
                                        if (odd.name().startsWith("U-22")) assertEquals(6, provider.connections());
                                    }
                                }));
    }

    @TestFactory
    @DisplayName("an answer that has no body: bytes behind it reach nobody")
    Stream<DynamicTest> bodiless() {
        return Stream.of(204, 304, 200)
                .map(status ->
                        dynamicTest(
                                "U-24 " + status,
                                () -> {
                                    String method = status == 200 ? "HEAD" : "GET";
                                    String bytes = "HTTP/1.1 " + status + " x\r\nContent-Length: 5\r\n\r\nhello";
                                    try (FakeProvider provider =
                                                    FakeProvider.answering(
                                                            status == 204 ? bytes.replace("5", "0") : bytes);
                                            Stage stage = new Stage(provider.port(), provider.port(), SHORT);
                                            RawClient client = new RawClient(stage.port())) {
                                        for (int i = 0; i < 3; i++) {
                                            client.send(method + " /v1/models HTTP/1.1\r\nHost: a\r\n\r\n");
                                            assertEquals(status, client.read(true).status());
                                        }
                                        assertEquals(3, provider.connections());
                                    }
                                }));
    }

    @Test
    @DisplayName("U-25 50 Set-Cookie lines pass")
    void manyCookies() {
        String cookies = "Set-Cookie: a=b\r\n".repeat(50);
        try (FakeProvider provider =
                        FakeProvider.answering("HTTP/1.1 200 OK\r\n" + cookies + "Content-Length: 2\r\n\r\n{}");
                Stage stage = new Stage(provider.port(), provider.port(), SHORT)) {
            assertEquals(50, RawClient.get(stage.port()).head().split("Set-Cookie: a=b", -1).length - 1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    @DisplayName("U-35 a redirect is delivered, not followed")
    void redirect(int status) {
        try (FakeProvider elsewhere = FakeProvider.answering(OK)) {
            String place = "http://127.0.0.1:" + elsewhere.port() + "/evil";
            String bytes = "HTTP/1.1 " + status + " Moved\r\nLocation: " + place + "\r\nContent-Length: 0\r\n\r\n";
            try (FakeProvider provider = FakeProvider.answering(bytes);
                    Stage stage = new Stage(provider.port(), provider.port(), SHORT)) {
                Answer answer = RawClient.ask(stage.port(), POST_WITH_KEY);
                assertEquals(status, answer.status());
                assertTrue(answer.says("Location: " + place));
                assertEquals(1, provider.connections());
                assertEquals(0, elsewhere.connections());
            }
        }
    }

    @Test
    @DisplayName("U-38 both fail: 503 with both reasons, each was asked once")
    void bothFail() {
        try (FakeProvider one = new FakeProvider(FakeProvider.Peer::request);
                FakeProvider two = new FakeProvider(FakeProvider.Peer::request);
                Stage stage = new Stage(one.port(), two.port(), SHORT)) {
            Answer answer = RawClient.get(stage.port());
            assertEquals(503, answer.status());
            assertTrue(answer.body().contains("\"primary\":\"fetch failed: closed ("), answer.body());
            assertTrue(answer.body().contains("\"backup\":\"fetch failed: closed ("), answer.body());
            assertFalse(answer.body().contains("127.0.0.1"), answer.body());
            assertEquals(1, one.connections());
            assertEquals(1, two.connections());
            stage.awaitLog("term=SC");
        }
    }

    @Test
    @DisplayName("U-10 both say 5xx: the last answer is delivered as it came")
    void bothSay5xx() {
        try (FakeProvider one = FakeProvider.answering("HTTP/1.1 529 Full\r\nContent-Length: 4\r\n\r\nfull");
                Stage stage = new Stage(one.port(), one.port(), SHORT)) {
            Answer answer = RawClient.get(stage.port());
            assertEquals(529, answer.status());
            assertEquals("full", answer.body());
            assertEquals(2, one.requests().size());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisplayName("U-39 an answer amid our upload is delivered, closed behind it or not")
    void earlyAnswer(boolean closes) {
        FakeProvider.Script script =
                peer -> {
                    peer.head();
                    peer.send("HTTP/1.1 413 Too Large\r\nContent-Length: 5\r\nConnection: close\r\n\r\nlarge");
                    if (!closes) peer.awaitClose();
                };
        try (FakeProvider provider = new FakeProvider(script);
                Stage stage = new Stage(provider.port(), provider.port(), SHORT);
                RawClient client = new RawClient(stage.port())) {
            upload(client, 30, false);
            Answer answer = client.read();
            assertEquals(413, answer.status());
            assertEquals("large", answer.body());
            assertEquals(1, provider.connections());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisplayName("U-40 a provider that never reads: the upload is broken off")
    void neverReads(boolean chunked) throws InterruptedException {
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
                Stage stage = new Stage(provider.port(), provider.port(), SHORT);
                RawClient client = new RawClient(stage.port())) {
            upload(client, 30, chunked);
            assertEquals(503, client.read().status());
            stage.awaitLog(":send-timeout(");
            assertEquals(1, provider.connections());
        } finally {
            over.countDown();
        }
    }

    @Test
    @DisplayName("U-41 a body too large to keep: the first 503 is delivered, nobody else is asked")
    void tooLargeToReplay() {
        try (FakeProvider provider = FakeProvider.answering("HTTP/1.1 503 No\r\nContent-Length: 4\r\n\r\nbusy");
                Stage stage = new Stage(provider.port(), provider.port(), SHORT);
                RawClient client = new RawClient(stage.port())) {
            upload(client, 2, false);
            Answer answer = client.read();
            assertEquals(503, answer.status());
            assertEquals("busy", answer.body());
            assertEquals(1, provider.requests().size());
            stage.awaitLog("replay_too_large");
        }
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
                Stage stage = new Stage(provider.port(), provider.port(), LONG)) {
            long before = usedMemory();
            try (RawClient client = new RawClient(stage.port())) {
                client.send(GET);
                client.skip(64L << 20);
                assertTrue(usedMemory() - before < 32L << 20, "the answer is kept");
            }
            assertTrue(closed.await(5, TimeUnit.SECONDS), "the provider goes on for nobody");
            stage.awaitLog("term=CD");
        }
    }

    private static long usedMemory() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName("C-19 the client leaves a silent provider: it is called off at once")
    void clientLeaves(boolean midStream) throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        FakeProvider.Script script =
                peer -> {
                    peer.request();
                    asked.countDown();
                    if (midStream) peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
                    peer.awaitClose();
                    closed.countDown();
                };
        try (FakeProvider provider = new FakeProvider(script);
                Stage stage = new Stage(provider.port(), provider.port(), LONG)) {
            try (RawClient client = new RawClient(stage.port())) {
                client.send(GET);
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
                Stage stage = new Stage(provider.port(), provider.port(), LONG);
                RawClient client = new RawClient(stage.port())) {
            client.send(GET);
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

    @Test
    @DisplayName("an answer that ends with its connection is delivered the same way")
    void closeDelimited() throws IOException {
        untilClose("HTTP/1.1 200 OK\r\n\r\nhello", GET);
    }

    @Test
    @DisplayName("a client of HTTP/1.0 gets no chunks")
    void noChunksForHttp10() throws IOException {
        untilClose("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n", GET_1_0);
    }

    private static void untilClose(String bytes, String request) throws IOException {
        Fault answer = Fault.says("", "", bytes);
        try (FakeProvider provider = new FakeProvider(answer.script());
                Stage stage = new Stage(provider.port(), provider.port(), SHORT);
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

    /// Sends a body of so many MiB.
    private static void upload(RawClient client, int mebibytes, boolean chunked) {
        byte[] mebibyte = new byte[1 << 20];
        String head = "POST /v1/files HTTP/1.1\r\nHost: a\r\n";
        if (!chunked) {
            client.upload(head + "Content-Length: " + ((long) mebibytes << 20) + "\r\n\r\n", mebibyte, mebibytes, "");
            return;
        }
        byte[] chunk = new byte[mebibyte.length + "100000\r\n\r\n".length()];
        System.arraycopy("100000\r\n".getBytes(StandardCharsets.ISO_8859_1), 0, chunk, 0, 8);
        chunk[chunk.length - 2] = '\r';
        chunk[chunk.length - 1] = '\n';
        client.upload(head + "Transfer-Encoding: chunked\r\n\r\n", chunk, mebibytes, "0\r\n\r\n");
    }

    private static Timeouts timeouts(int firstByteMillis, int idleMillis) {
        return new Timeouts(
                Duration.ofMillis(500),
                Duration.ofMillis(firstByteMillis),
                Duration.ofMillis(idleMillis),
                Duration.ofSeconds(30));
    }

    /// A running gateway with two services, and its log.
    private static final class Stage implements AutoCloseable {
        private static final int CALLS_MAX = 60;

        private final ByteArrayOutputStream log = new ByteArrayOutputStream();
        private final Gateway gateway;

        Stage(int portOne, int portTwo, Timeouts timeouts) {
            List<Service> pool =
                    List.of(
                            new Service("service-1", target(portOne, timeouts)),
                            new Service("service-2", target(portTwo, timeouts)));
            RoutingPolicy routing = new RoutingPolicy(1000, Duration.ofSeconds(60));
            gateway =
                    new Gateway(
                            new Config(
                                    ServerSettings.standard().on("127.0.0.1", 0),
                                    TelemetrySettings.standard(),
                                    new Catalog(pool, "hint", routing, List.of("*")),
                                    List.of()),
                            log);
            gateway.start();
        }

        private static Target target(int port, Timeouts timeouts) {
            return new Target(false, "127.0.0.1", port, "", Trust.PUBLIC, Optional.empty(), timeouts);
        }

        int port() {
            return gateway.port();
        }

        String log() {
            return log.toString(StandardCharsets.UTF_8);
        }

        /// Calls until the order of the services has made the log say this; every call must succeed.
        void answersUntilMet(String step) {
            for (int i = 0; i < CALLS_MAX && !log().contains(step); i++) {
                Answer answer = RawClient.get(port());
                assertEquals(200, answer.status(), answer::body);
                assertEquals("{\"ok\":true}", answer.body());
            }
            awaitLog(step);
        }

        void awaitLog(String part) {
            long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
            while (!log().contains(part) && System.nanoTime() - until < 0) Thread.onSpinWait();
            assertTrue(log().contains(part), () -> "no " + part + " in " + log());
        }

        @Override
        public void close() {
            gateway.close();
        }
    }
}
