package dev.martlet.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.martlet.server.ServerSettings;
import dev.martlet.server.ServerSettings.Times;
import dev.martlet.wire.BodyStream;
import dev.martlet.wire.Http1;
import dev.martlet.wire.Source;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import javax.net.ssl.SSLSocket;

/// A listener with a certificate: what holds in the clear holds behind TLS.
@Timeout(60)
class TlsListenerTest {
    private static final Http1.Limits LIMITS = new Http1.Limits(64 << 10, 200, 0, Long.MAX_VALUE);
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";

    private final TestAuthority authority;
    private final ServerSettings.Certificate files;

    TlsListenerTest(@TempDir Path folder) throws Exception {
        authority = new TestAuthority(folder);
        files = authority.files("first");
    }

    @Test
    @DisplayName("several calls on one connection, then a stream, event by event")
    void answers() throws Exception {
        CountDownLatch more = new CountDownLatch(1);
        FakeProvider.Script script =
                peer -> {
                    for (int i = 0; i < 3; i++) {
                        peer.request();
                        peer.send(OK);
                    }
                    peer.request();
                    peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\na\n\r\n");
                    Wait.on(more);
                    peer.send("2\r\nb\n\r\n0\r\n\r\n");
                };
        try (FakeProvider provider = new FakeProvider(script);
                Stage stage = new Stage(provider, this::encrypted);
                Client client = new Client(stage)) {
            for (int i = 0; i < 3; i++) assertEquals("{}", client.ask(RawClient.GET));
            client.send(RawClient.GET);
            BodyStream body = client.answer();
            assertEquals('a', body.read());
            more.countDown();
            assertEquals("\nb\n", new String(body.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @Test
    @DisplayName("C-3 a slow body gets 408; a handshake that stalls is cut; bytes that are no TLS reach nobody")
    void slowClients() throws Exception {
        try (FakeProvider provider = FakeProvider.answering(OK);
                Stage stage = new Stage(provider, settings -> quick(encrypted(settings)));
                RawClient stalled = new RawClient(stage.port());
                RawClient plain = new RawClient(stage.port());
                Client slow = new Client(stage)) {
            plain.send(RawClient.GET);
            slow.send("POST /v1/x HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nabc");
            assertEquals(408, slow.head().status());
            assertTrue(stalled.ended());
            assertFalse(plain.rest().contains("HTTP"), "an alert at the most");
            assertEquals(0, provider.connections());
        }
    }

    @Test
    @DisplayName("C-1 a record that dribbles in byte by byte is cut, although each byte comes in time")
    void dribble() throws Exception {
        try (FakeProvider provider = FakeProvider.answering(OK);
                Stage stage = new Stage(provider, settings -> quick(encrypted(settings)));
                Dribble dribble = new Dribble(stage.port());
                Client client = new Client(dribble.port())) {
            dribble.slowDown();
            client.send(RawClient.GET);
            assertFalse(client.isAnswered());
            assertEquals(0, provider.connections());
        }
    }

    @Test
    @DisplayName("C-19 the client leaves: the provider is called off within a second")
    void clientLeaves() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        FakeProvider.Script script =
                peer -> {
                    peer.request();
                    asked.countDown();
                    peer.awaitClose();
                    closed.countDown();
                };
        try (FakeProvider provider = new FakeProvider(script);
                Stage stage = new Stage(provider, this::encrypted)) {
            try (Client client = new Client(stage)) {
                client.send(RawClient.GET);
                Wait.on(asked);
            }
            assertTrue(closed.await(2, TimeUnit.SECONDS), "the provider works on for nobody");
            stage.awaitLog("complete=false term=CH");
        }
    }

    @Test
    @DisplayName("a new certificate serves new connections; open ones stay; a broken one changes nothing")
    void reload() throws Exception {
        try (FakeProvider provider = FakeProvider.answering(OK);
                Stage stage = new Stage(provider, this::encrypted);
                Client before = new Client(stage)) {
            assertEquals("CN=first", before.certificate());
            ServerSettings.Certificate second = authority.files("second");
            Files.writeString(files.chain(), "-----BEGIN CERTIFICATE-----\nno\n-----END CERTIFICATE-----\n");
            assertThrows(IOException.class, stage.gateway()::reloadCertificate);
            try (Client meanwhile = new Client(stage)) {
                assertEquals("CN=first", meanwhile.certificate());
            }
            Files.copy(second.chain(), files.chain(), StandardCopyOption.REPLACE_EXISTING);
            Files.copy(second.key(), files.key(), StandardCopyOption.REPLACE_EXISTING);
            stage.gateway().reloadCertificate();
            try (Client after = new Client(stage)) {
                assertEquals("CN=second", after.certificate());
                assertEquals("{}", after.ask(RawClient.GET));
            }
            assertEquals("{}", before.ask(RawClient.GET));
        }
    }

    private ServerSettings encrypted(ServerSettings settings) {
        return settings.with(Optional.of(files));
    }

    private static ServerSettings quick(ServerSettings settings) {
        Duration second = Duration.ofSeconds(1);
        return settings.with(new Times(second, second, second, second, second, second));
    }

    /// Hands bytes on to the gateway; once it is told to, one in a while.
    private static final class Dribble implements AutoCloseable {
        private final ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        private final Socket gateway;
        private volatile boolean slow;

        Dribble(int port) throws IOException {
            gateway = new Socket(InetAddress.getLoopbackAddress(), port);
            gateway.setTcpNoDelay(true);
            Thread.ofVirtual().start(this::run);
        }

        int port() {
            return listener.getLocalPort();
        }

        void slowDown() {
            slow = true;
        }

        private void run() {
            try (Socket client = listener.accept()) {
                Thread.ofVirtual().start(() -> handOn(gateway, client));
                handOn(client, gateway);
            } catch (IOException e) {
                // the test is over
            }
        }

        private void handOn(Socket from, Socket to) {
            try (from;
                    to) {
                for (int next = from.getInputStream().read(); next >= 0; next = from.getInputStream().read()) {
                    if (slow) LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(300));
                    to.getOutputStream().write(next);
                }
            } catch (IOException e) {
                // one side has closed
            }
        }

        @Override
        public void close() throws IOException {
            listener.close();
            gateway.close();
        }
    }

    /// A client that trusts the test's authority only.
    private final class Client implements AutoCloseable {
        private final SSLSocket socket;
        private final Source source;

        Client(Stage stage) throws Exception {
            this(stage.port());
        }

        Client(int port) throws Exception {
            socket = (SSLSocket) authority.trusting().getSocketFactory().createSocket("localhost", port);
            socket.setSoTimeout(20_000);
            socket.startHandshake();
            source = new Source(socket.getInputStream()::read);
        }

        String certificate() throws IOException {
            X509Certificate certificate = (X509Certificate) socket.getSession().getPeerCertificates()[0];
            return certificate.getSubjectX500Principal().getName();
        }

        String ask(String request) throws IOException {
            send(request);
            return new String(answer().readAllBytes(), StandardCharsets.UTF_8);
        }

        void send(String bytes) throws IOException {
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
        }

        boolean isAnswered() {
            try {
                return Http1.readResponse(source, LIMITS).isPresent();
            } catch (IOException e) {
                return false;
            }
        }

        Http1.ResponseHead head() throws IOException {
            return Http1.readResponse(source, LIMITS).orElseThrow();
        }

        BodyStream answer() throws IOException {
            return Http1.body(source, head().framing("GET"), LIMITS, Long.MAX_VALUE);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
