package dev.martlet.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.martlet.Body;
import dev.martlet.Cause;
import dev.martlet.Fields;
import dev.martlet.Patience;
import dev.martlet.Signal;
import dev.martlet.Target;
import dev.martlet.Timeouts;
import dev.martlet.Trust;
import dev.martlet.upstream.Exchange;
import dev.martlet.upstream.ExchangeFailed;
import dev.martlet.upstream.Upstream;
import dev.martlet.upstream.UpstreamSettings;
import dev.martlet.wire.Http1;
import dev.martlet.wire.Source;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// TLS to a provider: the certificate must be for the name and from somebody we trust; else nothing is sent.
class TlsUpstreamTest {
    private static final Http1.Limits LIMITS = new Http1.Limits(16 << 10, 100, 1 << 10, Long.MAX_VALUE);
    private static final String ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    @TempDir static Path folder = Path.of("");

    private final CompletableFuture<String> asked = new CompletableFuture<>();
    private volatile int pauseMillis;
    private final Upstream upstream = new Upstream(UpstreamSettings.standard());

    private static Optional<TestAuthority> made = Optional.empty();

    @BeforeAll
    static void makeAuthority() throws IOException, InterruptedException {
        made = Optional.of(new TestAuthority(folder));
    }

    private final TestAuthority authority = made.orElseThrow();

    @Test
    @DisplayName("U-4 own authority, right name: the answer comes, and the connection is used again")
    void aTrustedNameAnswers() throws Exception {
        try (ServerSocket server = listen()) {
            assertEquals("ok", ask(target(server, "localhost", authority.trust())));
            assertEquals(1, upstream.resting());
            assertEquals("ok", ask(target(server, "localhost", authority.trust())));
            assertEquals(1, upstream.resting());
        }
    }

    @Test
    @DisplayName("U-16 a trickle over TLS, slower than the watch for the client begins: the answer is whole")
    void aTrickleArrivesWhole() throws Exception {
        pauseMillis = 400;
        try (ServerSocket server = listen()) {
            assertEquals("ok", ask(target(server, "localhost", authority.trust())));
        }
    }

    @Test
    @DisplayName("a proxy opens the tunnel, the handshake is with the provider")
    void aProxyIsPassedByConnect() throws Exception {
        try (ServerSocket server = listen();
                ServerSocket proxy = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> tunnel(proxy, server.getLocalPort()));
            assertEquals("ok", ask(through(proxy, target(server, "localhost", authority.trust()))));
            assertEquals("CONNECT localhost:" + server.getLocalPort(), asked.join());
        }
    }

    @Test
    @DisplayName("a proxy that gives no tunnel: nothing is sent")
    void aProxyThatRefusesIsNamed() throws Exception {
        try (ServerSocket server = listen();
                ServerSocket proxy = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> tunnel(proxy, -1));
            assertFails(Cause.PROXY, through(proxy, target(server, "localhost", authority.trust())));
        }
    }

    private static Target through(ServerSocket proxy, Target direct) {
        URI address = URI.create("http://127.0.0.1:" + proxy.getLocalPort());
        return new Target(
                direct.tls(),
                direct.host(),
                direct.port(),
                "",
                direct.trust(),
                Optional.of(address),
                direct.timeouts());
    }

    /// Opens one tunnel to a port of this machine, or says 403 when there is none.
    private void tunnel(ServerSocket proxy, int port) {
        try (Socket near = proxy.accept()) {
            byte[] head = new byte[1024];
            int length = near.getInputStream().read(head);
            String line = new String(head, 0, length, StandardCharsets.ISO_8859_1);
            asked.complete(line.substring(0, line.indexOf(" HTTP/1.1")));
            String said = port < 0 ? "HTTP/1.1 403 Forbidden" : "HTTP/1.1 200 Connected";
            near.getOutputStream().write((said + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
            if (port < 0) return;
            try (Socket far = new Socket(InetAddress.getLoopbackAddress(), port)) {
                Thread back = Thread.ofVirtual().start(() -> pipe(far, near));
                pipe(near, far);
                back.interrupt();
            }
        } catch (IOException e) {
            // the other side is done
        }
    }

    private static void pipe(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // the other side is done
        }
    }

    private String ask(Target target) throws ExchangeFailed {
        Upstream.Request request =
                new Upstream.Request("POST", "/v1", Fields.NONE, new Body.Held("hi".getBytes(StandardCharsets.UTF_8)));
        try (Exchange exchange = upstream.send(target, request, Patience.ENDLESS)) {
            byte[] buffer = new byte[64];
            StringBuilder text = new StringBuilder();
            for (int n = exchange.read(buffer, 0, 64); n >= 0; n = exchange.read(buffer, 0, 64)) {
                text.append(new String(buffer, 0, n, StandardCharsets.UTF_8));
            }
            return text.toString();
        }
    }

    private void assertFails(Cause cause, Target target) {
        ExchangeFailed failed = assertThrows(ExchangeFailed.class, () -> ask(target));
        assertEquals(new Signal.Unreachable(cause), failed.signal());
    }

    private static Target target(ServerSocket server, String host, Trust trust) {
        Duration time = Duration.ofSeconds(2);
        Timeouts timeouts = new Timeouts(time, time, time, time);
        return new Target(true, host, server.getLocalPort(), "", trust, Optional.empty(), timeouts);
    }

    private ServerSocket listen() throws IOException, InterruptedException, GeneralSecurityException {
        ServerSocket server = authority.server();
        Thread.ofVirtual().start(() -> serve(server));
        return server;
    }

    private void serve(ServerSocket server) {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                Thread.ofVirtual().start(() -> answer(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void answer(Socket socket) {
        try (socket) {
            Source source = RawClient.unhurried(socket.getInputStream());
            while (true) {
                var head = Http1.readRequest(source, LIMITS);
                if (head.isEmpty()) return;
                Http1.body(source, head.get().framing(), LIMITS, 100).readAllBytes();
                for (byte[] part : parts()) {
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(pauseMillis));
                    socket.getOutputStream().write(part);
                }
            }
        } catch (IOException e) {
            // refused by the other side
        }
    }

    private List<byte[]> parts() {
        byte[] whole = ANSWER.getBytes(StandardCharsets.UTF_8);
        if (pauseMillis == 0) return List.of(whole);
        int cut = whole.length - 1;
        return List.of(
                Arrays.copyOfRange(whole, 0, 20),
                Arrays.copyOfRange(whole, 20, cut),
                Arrays.copyOfRange(whole, cut, cut + 1));
    }
}
