package dev.martlet.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.martlet.Body;
import dev.martlet.Cause;
import dev.martlet.Fields;
import dev.martlet.Patience;
import dev.martlet.Signal;
import dev.martlet.Target;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/// What becomes of a request when its connection does not do what it should.
@Timeout(30)
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
