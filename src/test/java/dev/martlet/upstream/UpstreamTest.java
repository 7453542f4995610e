package dev.martlet.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.martlet.Body;
import dev.martlet.Cause;
import dev.martlet.Deadline;
import dev.martlet.Departure;
import dev.martlet.Fields;
import dev.martlet.Patience;
import dev.martlet.Signal;
import dev.martlet.Target;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/// What becomes of a request when its connection does not do what it should.
@Timeout(60)
class UpstreamTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Upstream.Request POST =
            new Upstream.Request("POST", "/", Fields.NONE, new Body.Held("{}".getBytes(StandardCharsets.ISO_8859_1)));
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    @Test
    @DisplayName("U-9 a reused connection that ends at once: the request is sent again")
    void aDeadConnectionCostsNothing() throws IOException, ExchangeFailed {
        try (Peer peer = new Peer(UpstreamTest::answersOnceAndReadsOnce);
                Upstream upstream = new Upstream(UpstreamSettings.standard())) {
            Target target = peer.target("127.0.0.1", LONG, LONG);
            for (int i = 0; i < 2; i++) assertEquals(200, status(upstream, target, POST));
            assertEquals(3, peer.requests());
        }
    }

    @Test
    @DisplayName("neither an answer that flows nor a connection at rest holds anything of the request before it")
    void forgetsTheRequest() throws IOException, ExchangeFailed {
        Peer.Script answersAll =
                line -> {
                    while (line.request()) line.send(OK);
                };
        try (Peer peer = new Peer(answersAll);
                Upstream upstream = new Upstream(UpstreamSettings.standard())) {
            Target target = peer.target("127.0.0.1", LONG, LONG);
            Sent flows = sendLarge(upstream, target);
            try (Exchange exchange = flows.exchange()) {
                assertForgotten(flows.body());
                assertEquals(200, exchange.head().status());
            }
            Sent rests = sendLarge(upstream, target);
            rests.exchange().close();
            assertForgotten(rests.body());
            assertEquals(1, upstream.resting());
        }
    }

    private record Sent(Exchange exchange, WeakReference<byte[]> body) {}

    private static Sent sendLarge(Upstream upstream, Target target) throws ExchangeFailed {
        byte[] bytes = new byte[1 << 20];
        Upstream.Request request = new Upstream.Request("POST", "/", Fields.NONE, new Body.Held(bytes));
        return new Sent(upstream.send(target, request, Patience.ENDLESS), new WeakReference<>(bytes));
    }

    private static void assertForgotten(WeakReference<byte[]> body) {
        Deadline end = Deadline.in(LONG);
        while (!body.refersTo(null) && !end.passed()) System.gc();
        assertTrue(body.refersTo(null), "the body is held");
    }

    @Test
    @DisplayName("waits for more of an answer for a while, and goes on reading as if it had not")
    void waitsForAWhile() throws IOException, ExchangeFailed {
        CountDownLatch more = new CountDownLatch(1);
        Peer.Script pauses =
                line -> {
                    line.request();
                    line.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n");
                    more.await();
                    line.send("1\r\nc\r\n0\r\n\r\n");
                    line.request();
                };
        try (Peer peer = new Peer(pauses);
                Upstream upstream = new Upstream(UpstreamSettings.standard())) {
            Target target = peer.target("127.0.0.1", LONG, LONG);
            try (Exchange exchange = upstream.send(target, POST, Patience.ENDLESS)) {
                byte[] bytes = new byte[8];
                assertTrue(exchange.await(Deadline.in(LONG)));
                assertEquals(2, exchange.read(bytes, 0, 8));
                assertFalse(exchange.await(Deadline.in(Duration.ofMillis(30))));
                more.countDown();
                assertTrue(exchange.await(Deadline.in(LONG)));
                assertEquals(1, exchange.read(bytes, 2, 6));
                assertEquals(-1, exchange.read(bytes, 3, 5));
                assertEquals("abc", new String(bytes, 0, 3, StandardCharsets.ISO_8859_1));
                assertTrue(exchange.await(Deadline.in(LONG)), "what has ended is not waited for");
            }
            assertEquals(1, upstream.resting());
        }
    }

    @Test
    @DisplayName("the end of an answer's time is no pause")
    void aPauseDoesNotHideSilence() throws IOException, ExchangeFailed {
        Peer.Script silent =
                line -> {
                    line.request();
                    line.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n");
                    line.request();
                };
        try (Peer peer = new Peer(silent);
                Upstream upstream = new Upstream(UpstreamSettings.standard())) {
            Target target = peer.target("127.0.0.1", LONG, Duration.ofMillis(200));
            try (Exchange exchange = upstream.send(target, POST, Patience.ENDLESS)) {
                ExchangeFailed failed = assertThrows(ExchangeFailed.class, () -> exchange.await(Deadline.in(LONG)));
                assertEquals(new Signal.Broken(Cause.IDLE_TIMEOUT), failed.signal());
            }
        }
    }

    @Test
    @DisplayName("U-16 what has to be over in a time is over then, however that is shared by head and body")
    void oneTimeForHeadAndBody() throws IOException, ExchangeFailed {
        Peer.Script late =
                line -> {
                    line.request();
                    Thread.sleep(1200);
                    line.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                    for (int i = 0; i < 100; i++) {
                        line.send("1\r\nx\r\n");
                        Thread.sleep(100);
                    }
                };
        try (Peer peer = new Peer(late);
                Upstream upstream = new Upstream(UpstreamSettings.standard())) {
            Target target = peer.target("127.0.0.1", LONG, LONG).within(Duration.ofMillis(1500), false);
            long since = System.nanoTime();
            try (Exchange exchange = upstream.send(target, POST, Patience.ENDLESS)) {
                ExchangeFailed failed = assertThrows(ExchangeFailed.class, () -> readAll(exchange));
                assertEquals(new Signal.Broken(Cause.TIME_LIMIT), failed.signal());
            }
            long millis = Duration.ofNanos(System.nanoTime() - since).toMillis();
            assertTrue(millis >= 1500 && millis < 2600, () -> millis + " ms");
        }
    }

    @Test
    @DisplayName("U-40 a peer that reads a request little by little: what has to be over in a time is over then")
    void oneTimeForASlowReader() throws IOException {
        Peer.Script sipping = line -> line.sip(Duration.ofMillis(20));
        try (Peer peer = new Peer(sipping);
                Upstream upstream = new Upstream(UpstreamSettings.standard())) {
            Upstream.Request large = new Upstream.Request("POST", "/", Fields.NONE, new Body.Held(new byte[32 << 20]));
            Target target = peer.target("127.0.0.1", LONG, LONG).within(Duration.ofMillis(500), false);
            ExchangeFailed failed =
                    assertThrows(ExchangeFailed.class, () -> upstream.send(target, large, Patience.ENDLESS));
            assertEquals(new Signal.Broken(Cause.SEND_TIMEOUT), failed.signal());
        }
    }

    private static void readAll(Exchange exchange) throws ExchangeFailed {
        byte[] bytes = new byte[64];
        while (exchange.read(bytes, 0, bytes.length) >= 0) {}
    }

    @Test
    @DisplayName(
            "U-9 a reused connection that ends after a while: somebody worked on the request, it is not sent again")
    void whatWasWorkedOnIsNotSentAgain() throws IOException, ExchangeFailed {
        Peer.Script worksForNothing =
                line -> {
                    line.request();
                    line.send(OK);
                    line.request();
                    Thread.sleep(1300);
                };
        try (Peer peer = new Peer(worksForNothing);
                Upstream upstream = new Upstream(UpstreamSettings.standard())) {
            Target target = peer.target("127.0.0.1", LONG, LONG);
            assertEquals(200, status(upstream, target, POST));
            ExchangeFailed failed = assertThrows(ExchangeFailed.class, () -> status(upstream, target, POST));
            assertEquals(new Signal.Broken(Cause.CLOSED), failed.signal());
            assertEquals(2, peer.requests());
        }
    }

    @Test
    @DisplayName("U-3 name lookups that hang: the last addresses serve on")
    void aNameThatWasKnownServesOn() throws IOException, ExchangeFailed {
        CountDownLatch never = new CountDownLatch(1);
        AtomicInteger lookups = new AtomicInteger();
        Resolver.Lookup hanging =
                _ -> {
                    if (lookups.getAndIncrement() > 0) awaitQuietly(never);
                    return List.of(InetAddress.getLoopbackAddress());
                };
        UpstreamSettings standard = UpstreamSettings.standard();
        UpstreamSettings forgetful =
                new UpstreamSettings(standard.idleTime(), standard.ageMax(), 0, 0, Duration.ZERO, standard.limits());
        Peer.Script answersOnce =
                line -> {
                    line.request();
                    line.send(OK);
                };
        try (Peer peer = new Peer(answersOnce);
                Upstream upstream = new Upstream(forgetful, hanging)) {
            Target target = peer.target("provider.test", Duration.ofSeconds(3), LONG);
            for (int i = 0; i < 3; i++) assertEquals(200, status(upstream, target, POST));
            assertEquals(2, lookups.get(), "one lookup at a time");
        } finally {
            never.countDown();
        }
    }

    @Test
    @DisplayName("U-40 a provider that does not read: a client that leaves is noticed while we write")
    void aClientThatLeavesIsNoticedAmidAnUpload() throws IOException {
        InputStream endless =
                new InputStream() {
                    @Override
                    public int read() {
                        return 'x';
                    }
                };
        Upstream.Request upload =
                new Upstream.Request("POST", "/", Fields.NONE, new Body.Flowing(endless, OptionalLong.empty()));
        AtomicInteger watches = new AtomicInteger();
        Patience leaving =
                new Patience() {
                    @Override
                    public Watch watch(Runnable onLeave) {
                        if (watches.incrementAndGet() > 2) onLeave.run(); // two are for the connection to come about
                        return () -> {};
                    }

                    @Override
                    public Departure departure() {
                        return Departure.LEFT;
                    }
                };
        try (Peer peer = new Peer(_ -> Thread.sleep(LONG));
                Upstream upstream = new Upstream(UpstreamSettings.standard())) {
            Target target = peer.target("127.0.0.1", LONG, LONG);
            long since = System.nanoTime();
            ExchangeFailed failed = assertThrows(ExchangeFailed.class, () -> upstream.send(target, upload, leaving));
            assertEquals(new Signal.Broken(Cause.RESET), failed.signal());
            assertTrue(System.nanoTime() - since < LONG.toNanos() / 2, "noticed late");
        }
    }

    @Test
    @DisplayName("U-40 a provider that does not read: a head that does not fit into its buffers is broken off, too")
    void aHeadThatIsNotTakenIsBrokenOff() throws IOException {
        Fields much = Fields.of("x", "y".repeat(16 << 20));
        Upstream.Request request = new Upstream.Request("GET", "/", much, new Body.None());
        try (Peer peer = new Peer(_ -> Thread.sleep(LONG));
                Upstream upstream = new Upstream(UpstreamSettings.standard())) {
            Target target = peer.target("127.0.0.1", LONG, Duration.ofMillis(300));
            ExchangeFailed failed =
                    assertThrows(ExchangeFailed.class, () -> upstream.send(target, request, Patience.ENDLESS));
            assertEquals(new Signal.Broken(Cause.SEND_TIMEOUT), failed.signal());
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void answersOnceAndReadsOnce(Peer.Line line) throws IOException {
        line.request();
        line.send(OK);
        line.request();
    }

    private static int status(Upstream upstream, Target target, Upstream.Request request) throws ExchangeFailed {
        try (Exchange exchange = upstream.send(target, request, Patience.ENDLESS)) {
            return exchange.head().status();
        }
    }
}
