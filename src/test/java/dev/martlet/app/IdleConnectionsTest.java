package dev.martlet.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.martlet.Body;
import dev.martlet.Fields;
import dev.martlet.Patience;
import dev.martlet.Target;
import dev.martlet.Timeouts;
import dev.martlet.Trust;
import dev.martlet.upstream.Exchange;
import dev.martlet.upstream.ExchangeFailed;
import dev.martlet.upstream.Upstream;
import dev.martlet.upstream.UpstreamSettings;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Connections to a service that nobody asks any more, because it is gone from the configuration.
class IdleConnectionsTest {
    private static final UpstreamSettings STANDARD = UpstreamSettings.standard();
    private static final UpstreamSettings IMPATIENT =
            new UpstreamSettings(
                    Duration.ofMillis(300),
                    STANDARD.ageMax(),
                    STANDARD.idlePerOrigin(),
                    STANDARD.idleTotal(),
                    STANDARD.addressTime(),
                    STANDARD.limits());

    @Test
    @DisplayName("L-3 they close when they have rested long enough, though nobody takes one")
    void theyCloseByThemselves() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        FakeProvider.Script script =
                peer -> {
                    if (peer.request()) peer.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                    peer.awaitClose();
                    closed.countDown();
                };
        try (FakeProvider provider = new FakeProvider(script);
                Upstream upstream = new Upstream(IMPATIENT)) {
            ask(upstream, provider.port());
            assertEquals(1, upstream.resting());
            assertTrue(closed.await(20, TimeUnit.SECONDS), "the connection is still there");
            assertEquals(0, upstream.resting());
        }
    }

    private static void ask(Upstream upstream, int port) throws ExchangeFailed {
        Duration time = Duration.ofSeconds(10);
        Timeouts timeouts = new Timeouts(time, time, time, time);
        Target target = new Target(false, "127.0.0.1", port, "", Trust.PUBLIC, Optional.empty(), timeouts);
        Upstream.Request request = new Upstream.Request("GET", "/v1", Fields.NONE, new Body.Held(new byte[0]));
        try (Exchange exchange = upstream.send(target, request, Patience.ENDLESS)) {
            assertEquals(-1, exchange.read(new byte[1], 0, 1));
        }
    }
}
