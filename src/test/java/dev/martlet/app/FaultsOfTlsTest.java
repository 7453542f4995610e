package dev.martlet.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.martlet.Target;
import dev.martlet.Timeouts;
import dev.martlet.Trust;
import dev.martlet.app.RawClient.Answer;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;

/// A provider that cannot prove who it is never gets a request; the other service answers, and the log stays short.
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FaultsOfTlsTest {
    /// What a server that knows nothing newer than TLS 1.0 says first (RFC 2246, section 7.4.1.3).
    private static final String SERVER_HELLO_1_0 =
            bytes("160301002a" + "020000260301") + "r".repeat(32) + bytes("00c00900");

    /// The alert that ends it: fatal, protocol version (RFC 8446, section 6.2).
    private static final List<Integer> WRONG_VERSION = List.of(2, 70);

    /// The extension by which a client names the server (RFC 6066, section 3).
    private static final String NAMES_LOCALHOST = bytes("0000000e000c000009") + "localhost";

    private final TestAuthority authority;

    FaultsOfTlsTest(@TempDir Path folder) throws IOException, InterruptedException {
        authority = new TestAuthority(folder);
    }

    @Test
    @DisplayName("U-4 a known authority and the right name: the call goes there, and the server was told which name")
    void answers() throws Exception {
        BlockingQueue<List<SNIServerName>> names = new LinkedBlockingQueue<>();
        FakeProvider.Script naming =
                peer -> {
                    while (peer.request()) {
                        SSLSession session = ((SSLSocket) peer.socket()).getSession();
                        names.add(((ExtendedSSLSession) session).getRequestedServerNames());
                        peer.send(FakeProvider.OK);
                    }
                };
        try (FakeProvider provider = new FakeProvider(authority.server(), naming)) {
            Target target = target("localhost", provider.port(), authority.trust());
            try (Stage stage = new Stage(target, target)) {
                for (int i = 0; i < 3; i++) {
                    Answer answer = RawClient.get(stage.port());
                    assertEquals("{\"ok\":true}", answer.body());
                    stage.awaitCalls(i + 1); // by then the connection rests
                    assertEquals(List.of(new SNIHostName("localhost")), names.poll(5, TimeUnit.SECONDS));
                }
                assertEquals(1, provider.connections(), "the connection is not used again");
                assertTrue(stage.line(":200(").endsWith(" complete=true term=--"));
            }
        }
    }

    @Test
    @DisplayName("U-4 a certificate that has expired: nothing is sent")
    void expired() throws Exception {
        refused(authority.expired(), "localhost", authority.trust());
    }

    @Test
    @DisplayName("U-4 a certificate for another name: nothing is sent")
    void anotherName() throws Exception {
        refused(authority.server(), "127.0.0.1", authority.trust());
    }

    @Test
    @DisplayName("U-4 a certificate that only vouches for itself: nothing is sent")
    void selfSigned() throws Exception {
        refused(authority.selfSigned(), "localhost", authority.trust());
    }

    @Test
    @DisplayName("U-4 an authority that only we know, and the target is to be known to everybody: nothing is sent")
    void unknownAuthority() throws Exception {
        refused(authority.server(), "localhost", Trust.PUBLIC);
    }

    private void refused(ServerSocket server, String host, Trust trust) {
        try (FakeProvider faulty = new FakeProvider(server, FakeProvider.looping(FakeProvider.OK));
                FakeProvider healthy = FakeProvider.answering(FakeProvider.OK);
                Stage stage = stage(target(host, faulty.port(), trust), healthy.port())) {
            assertRefused(stage);
            assertTrue(faulty.connections() > 0);
            assertEquals(0, faulty.requests().size(), "a request was sent");
        }
    }

    @Test
    @DisplayName("U-4 a server that knows only TLS 1.0: our hello names the host, nothing is sent")
    void oldVersion() throws Exception {
        BlockingQueue<String> hellos = new LinkedBlockingQueue<>();
        BlockingQueue<List<Integer>> alerts = new LinkedBlockingQueue<>();
        FakeProvider.Script old =
                peer -> {
                    DataInputStream in = new DataInputStream(peer.socket().getInputStream());
                    hellos.add(new String(tlsRecord(in, 0x16), StandardCharsets.ISO_8859_1));
                    peer.send(SERVER_HELLO_1_0);
                    byte[] alert = tlsRecord(in, 0x15);
                    alerts.add(List.of((int) alert[0], (int) alert[1]));
                    assertEquals(-1, in.read());
                };
        try (FakeProvider faulty = new FakeProvider(old);
                FakeProvider healthy = FakeProvider.answering(FakeProvider.OK);
                Stage stage = stage(target("localhost", faulty.port(), authority.trust()), healthy.port())) {
            assertRefused(stage);
            String hello = hellos.poll(5, TimeUnit.SECONDS);
            assertTrue(hello != null && hello.contains(NAMES_LOCALHOST), "no server name in the hello");
            assertEquals(WRONG_VERSION, alerts.poll(5, TimeUnit.SECONDS));
        }
    }

    /// Reads a record of this type (RFC 8446, section 5.1).
    private static byte[] tlsRecord(DataInputStream in, int type) throws IOException {
        assertEquals(type, in.readUnsignedByte());
        in.readUnsignedShort();
        byte[] content = new byte[in.readUnsignedShort()];
        in.readFully(content);
        return content;
    }

    @Test
    @DisplayName("U-4 a handshake that stalls: nothing more is sent, and it ends at the connect timeout")
    void stalledHandshake() throws Exception {
        Timeouts timeouts = Stage.SHORT;
        try (FakeProvider faulty = new FakeProvider(FakeProvider.Peer::awaitClose);
                FakeProvider healthy = FakeProvider.answering(FakeProvider.OK);
                Stage stage = stage(target("localhost", faulty.port(), authority.trust()), healthy.port())) {
            assertRefused(stage);
            Matcher step = Pattern.compile("service-1:tls\\((\\d+)ms\\)").matcher(stage.line("service-1:tls("));
            assertTrue(step.find());
            assertTrue(Long.parseLong(step.group(1)) >= timeouts.connect().toMillis() - 50, step.group());
        }
    }

    private static String bytes(String hex) {
        return new String(HexFormat.of().parseHex(hex), StandardCharsets.ISO_8859_1);
    }

    private static Stage stage(Target one, int portTwo) {
        return new Stage(one, Stage.target(portTwo, Stage.SHORT));
    }

    private static Target target(String host, int port, Trust trust) {
        return new Target(true, host, port, "", trust, Optional.empty(), Stage.SHORT);
    }

    private static void assertRefused(Stage stage) {
        stage.answersUntilMet("service-1:tls(");
        String line = stage.line("service-1:tls(");
        assertTrue(line.contains(",service-2:200("), line);
        assertTrue(line.endsWith(" complete=true term=--"), line);
        for (String word : List.of("CN=", "CERTIFICATE", "X.509", "Exception", "PKIX")) {
            assertFalse(stage.log().contains(word), "the log speaks of certificates: " + stage.log());
        }
    }
}
