package dev.martlet.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.martlet.Body;
import dev.martlet.Call;
import dev.martlet.CallRecord;
import dev.martlet.Catalog;
import dev.martlet.Departure;
import dev.martlet.Ending;
import dev.martlet.Fields;
import dev.martlet.Patience;
import dev.martlet.Refusal;
import dev.martlet.RoutingPolicy;
import dev.martlet.Service;
import dev.martlet.Surface;
import dev.martlet.Target;
import dev.martlet.Timeouts;
import dev.martlet.Trust;
import dev.martlet.routing.Router;
import dev.martlet.upstream.Upstream;
import dev.martlet.upstream.UpstreamSettings;
import dev.martlet.wire.ByteBudget;
import dev.martlet.wire.Http1.Framing;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

@Timeout(30)
class RelayTest {
    /// Longer than a client is not looked after.
    private static final long THINKING_MILLIS = 600;

    @Test
    void aClientThatLeavesOnceItHasAllOfTheAnswerHasAllOfIt() throws IOException {
        List<CallRecord> records = new ArrayList<>();
        try (ServerSocket provider = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
                Upstream upstream = new Upstream(UpstreamSettings.standard())) {
            Thread.ofVirtual().start(() -> answerLate(provider));
            Router router = new Router(new java.util.Random(1), System::nanoTime, 1000);
            Catalog catalog = catalog(provider.getLocalPort());
            RelaySettings settings = new RelaySettings(1000, Path.of("/nowhere"), 0);
            Relay relay = new Relay(() -> catalog, router, upstream, new ByteBudget(1000), settings, records::add);
            relay.handle(call(), new LeavesAtTheEnd());
        }
        assertEquals(List.of(Ending.COMPLETE), records.stream().map(CallRecord::ending).toList());
    }

    private static void answerLate(ServerSocket provider) {
        try (Socket socket = provider.accept()) {
            if (socket.getInputStream().read(new byte[4096]) < 0) return;
            Thread.sleep(THINKING_MILLIS);
            String answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
            socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            // the test is over
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Call call() {
        return new Call(
                "id", Surface.TRANSPARENT, "GET", "/", Fields.NONE, "192.0.2.1", new Body.None(), System.nanoTime());
    }

    private static Catalog catalog(int port) {
        Duration time = Duration.ofSeconds(10);
        Timeouts timeouts = new Timeouts(time, time, time, time);
        Target target = new Target(false, "127.0.0.1", port, "", Trust.PUBLIC, Optional.empty(), timeouts);
        List<Service> pool = List.of(new Service("service-1", target), new Service("service-2", target));
        return new Catalog(pool, "hint", new RoutingPolicy(5, time), List.of());
    }

    /// A client that closes its connection as soon as it has the last byte.
    private static final class LeavesAtTheEnd implements Reply, Patience {
        private volatile Runnable leaving = () -> {};

        @Override
        public Watch watch(Runnable onLeave) {
            leaving = onLeave;
            return () -> leaving = () -> {};
        }

        @Override
        public void finish() {
            leaving.run();
        }

        @Override
        public Departure departure() {
            return Departure.LEFT;
        }

        @Override
        public Patience patience() {
            return this;
        }

        @Override
        public void begin(int status, String reason, Fields fields, Framing framing) {}

        @Override
        public void write(byte[] bytes, int from, int length) {}

        @Override
        public void flush() {}

        @Override
        public void refuse(Refusal why) {
            throw new AssertionError(why);
        }
    }
}
