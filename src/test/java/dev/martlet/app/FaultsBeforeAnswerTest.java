package dev.martlet.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.martlet.app.RawClient.Answer;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Providers that fail before a byte of an answer has gone to the client: another one is asked, and if all fail the client
/// is told so. The rows U of the catalogue of faults; between the gateway, the providers and the client are only sockets.
@Timeout(60)
class FaultsBeforeAnswerTest {
    private static final String POST_WITH_KEY =
            "POST /v1/x HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer k\r\nContent-Length: 2\r\n\r\n{}";

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
            return new Fault(name, "framing", FakeProvider.looping(bytes));
        }

        static Fault framed(String name, String fields) {
            return malformed(name, "HTTP/1.1 200 OK\r\n" + fields + "\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
        }

        static Fault status(int status) {
            String bytes = "HTTP/1.1 " + status + " Oops\r\nContent-Length: 2\r\n\r\n{}";
            return new Fault("U-10 " + status, Integer.toString(status), FakeProvider.looping(bytes));
        }
    }

    private static final List<Fault> MALFORMED =
            List.of(
                    Fault.malformed("U-8 garbage", "\0\1\2garbage\r\n\r\n"),
                    Fault.malformed("U-8 another protocol", "SSH-2.0-OpenSSH_9.9\r\n\r\n"),
                    Fault.malformed("U-8 a body without a head", "<html>hello</html>\r\n\r\n"),
                    Fault.malformed("U-8 status 999", "HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n"),
                    Fault.malformed("U-8 status of two digits", "HTTP/1.1 20\r\nContent-Length: 0\r\n\r\n"),
                    Fault.framed("U-21 a length and chunks", "Content-Length: 5\r\nTransfer-Encoding: chunked"),
                    Fault.framed("U-21 two lengths", "Content-Length: 5\r\nContent-Length: 5"),
                    Fault.framed("U-21 a length that is no number", "Content-Length: foo"),
                    Fault.framed("U-21 an unknown coding", "Transfer-Encoding: gzip"),
                    Fault.framed("U-21 two codings", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"),
                    Fault.framed("U-25 200 header lines", "x-many: 1\r\n".repeat(200) + "Content-Length: 5"),
                    Fault.framed("U-25 a header of 70 KiB", "x-big: " + "b".repeat(70 << 10) + "\r\nContent-Length: 5"),
                    Fault.framed("U-25 NUL in a value", "x-nul: a\0b\r\nContent-Length: 5"),
                    Fault.framed("U-25 a line that ends with LF alone", "x-lf: a\nContent-Length: 5"));

    private static final List<Fault> SILENT_OR_SPEAKING =
            List.of(
                    new Fault("U-5 accepts and resets", "reset", FakeProvider.Peer::reset),
                    new Fault("U-6 reads the request and closes", "closed", FakeProvider.Peer::request),
                    Fault.says("U-7 half a status line, then closes", "closed", "HTTP/1.1 20"),
                    Fault.says("U-7 half a head, then closes", "closed", "HTTP/1.1 200 OK\r\nContent-Le"),
                    Fault.status(500),
                    Fault.status(502),
                    Fault.status(503),
                    Fault.status(504),
                    Fault.status(529),
                    new Fault(
                            "U-15 no head in time",
                            "timeout",
                            peer -> {
                                peer.request();
                                peer.awaitClose();
                            }));

    @TestFactory
    @DisplayName("the other service answers, and the trail names the reason")
    Stream<DynamicTest> failsOver() {
        return Stream.concat(SILENT_OR_SPEAKING.stream(), MALFORMED.stream())
                .map(fault -> dynamicTest(fault.name(), () -> failsOver(fault)));
    }

    private static void failsOver(Fault fault) {
        try (FakeProvider faulty = new FakeProvider(fault.script());
                FakeProvider healthy = FakeProvider.answering(FakeProvider.OK);
                Stage stage = new Stage(faulty.port(), healthy.port(), Stage.SHORT)) {
            stage.answersUntilMet("service-1:" + fault.word() + "(");
            String line = stage.line("service-1:" + fault.word() + "(");
            assertTrue(line.contains(",service-2:200("), line);
            assertTrue(line.endsWith(" complete=true term=--"), line);
        }
    }

    @TestFactory
    @DisplayName("a connection on which something malformed came is closed and never used again")
    Stream<DynamicTest> neverPooled() {
        return MALFORMED.stream().map(fault -> dynamicTest(fault.name(), () -> neverPooled(fault)));
    }

    private static void neverPooled(Fault fault) throws InterruptedException {
        int calls = 2;
        int attempts = 2 * calls;
        CountDownLatch open = new CountDownLatch(attempts);
        FakeProvider.Script counted =
                peer -> {
                    try {
                        fault.script().play(peer);
                    } finally {
                        open.countDown();
                    }
                };
        try (FakeProvider faulty = new FakeProvider(counted);
                Stage stage = new Stage(faulty, Stage.LONG)) {
            for (int i = 0; i < calls; i++) assertEquals(503, RawClient.get(stage.port()).status());
            assertTrue(open.await(5, TimeUnit.SECONDS), "the gateway leaves a broken connection open");
            assertEquals(attempts, faulty.requests().size());
            assertEquals(attempts, faulty.connections(), "a broken connection was used again");
            String line = stage.line("service-1:framing(");
            assertTrue(line.contains("service-2:framing("), line);
            assertTrue(line.endsWith(" complete=true term=SC"), line);
        }
    }

    @Test
    @DisplayName("U-1 connection refused: the other service answers")
    void refused() throws IOException {
        int nobody;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = socket.getLocalPort();
        }
        try (FakeProvider healthy = FakeProvider.answering(FakeProvider.OK);
                Stage stage = new Stage(nobody, healthy.port(), Stage.SHORT)) {
            stage.answersUntilMet("service-1:refused(");
            assertTrue(stage.line("service-1:refused(").contains(",service-2:200("));
        }
    }

    @Test
    @DisplayName("U-2 connects to nowhere: the other service answers after the connect timeout")
    void blackhole() throws IOException {
        List<SocketChannel> backlog = new ArrayList<>();
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                FakeProvider healthy = FakeProvider.answering(FakeProvider.OK);
                Stage stage = new Stage(full.getLocalPort(), healthy.port(), Stage.SHORT)) {
            for (int i = 0; i < 8; i++) {
                SocketChannel channel = SocketChannel.open();
                backlog.add(channel);
                channel.configureBlocking(false);
                channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), full.getLocalPort()));
            }
            stage.answersUntilMet("service-1:connect-timeout(");
            assertTrue(stage.line("service-1:connect-timeout(").contains(",service-2:200("));
        } finally {
            for (SocketChannel channel : backlog) channel.close();
        }
    }

    @Test
    @DisplayName("U-15 a head that is slow but in time: nobody else is asked")
    void slowHead() {
        CountDownLatch asked = new CountDownLatch(1);
        FakeProvider.Script slow =
                peer -> {
                    peer.request();
                    peer.send("HTTP/1.1 200 OK\r\nContent-");
                    asked.countDown();
                    pause(400); // longer than the gateway waits before it begins to look after the client
                    peer.send("Length: 2\r\n\r\n{}");
                };
        try (FakeProvider provider = new FakeProvider(slow);
                Stage stage = new Stage(provider, Stage.LONG)) {
            Answer answer = RawClient.get(stage.port());
            assertEquals(200, answer.status());
            assertEquals("{}", answer.body());
            assertEquals(1, provider.connections());
            assertEquals(0, asked.getCount());
            assertTrue(stage.line(":200(").endsWith(" complete=true term=--"));
        }
    }

    private static void pause(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    @DisplayName("U-35 a redirect is delivered, not followed")
    void redirect(int status) {
        try (FakeProvider elsewhere = FakeProvider.answering(FakeProvider.OK)) {
            String place = "http://127.0.0.1:" + elsewhere.port() + "/evil";
            String bytes = "HTTP/1.1 " + status + " Moved\r\nLocation: " + place + "\r\nContent-Length: 0\r\n\r\n";
            try (FakeProvider provider = FakeProvider.answering(bytes);
                    Stage stage = new Stage(provider, Stage.SHORT)) {
                Answer answer = RawClient.ask(stage.port(), POST_WITH_KEY);
                assertEquals(status, answer.status());
                assertTrue(answer.says("Location: " + place));
                assertEquals(1, provider.connections());
                assertEquals(0, elsewhere.connections());
                String line = stage.line(":" + status + "(");
                assertTrue(line.contains(" -> " + status + " ("), line);
                assertTrue(line.endsWith(" complete=true term=--"), line);
            }
        }
    }

    @Test
    @DisplayName("U-38 both fail: 503 with both reasons, each was asked once")
    void bothFail() {
        try (FakeProvider one = new FakeProvider(FakeProvider.Peer::request);
                FakeProvider two = new FakeProvider(FakeProvider.Peer::request);
                Stage stage = new Stage(one.port(), two.port(), Stage.SHORT)) {
            Answer answer = RawClient.get(stage.port());
            assertEquals(503, answer.status());
            assertTrue(answer.body().contains("\"primary\":\"fetch failed: closed ("), answer.body());
            assertTrue(answer.body().contains("\"backup\":\"fetch failed: closed ("), answer.body());
            assertFalse(answer.body().contains("127.0.0.1"), answer.body());
            assertEquals(1, one.connections());
            assertEquals(1, two.connections());
            String line = stage.line("service-1:closed(");
            assertTrue(line.contains("service-2:closed("), line);
            assertTrue(line.contains(" -> 503 ("), line);
            assertTrue(line.endsWith(" complete=true term=SC"), line);
        }
    }

    @Test
    @DisplayName("U-10 both say 5xx: the last answer is delivered as it came")
    void bothSay5xx() {
        try (FakeProvider one = FakeProvider.answering("HTTP/1.1 529 Full\r\nContent-Length: 4\r\n\r\nfull");
                Stage stage = new Stage(one, Stage.SHORT)) {
            Answer answer = RawClient.get(stage.port());
            assertEquals(529, answer.status());
            assertEquals("full", answer.body());
            assertEquals(2, one.requests().size());
            String line = stage.line("service-1:529(");
            assertTrue(line.contains("service-2:529("), line);
            assertTrue(line.endsWith(" complete=true term=--"), line);
        }
    }
}
