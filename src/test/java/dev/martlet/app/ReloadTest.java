package dev.martlet.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.martlet.config.Config;
import dev.martlet.config.ConfigInvalid;
import dev.martlet.config.TestCertificate;
import dev.martlet.wire.Http1.RequestHead;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/// What is written in the files comes into force while calls run; none of them is lost.
@Timeout(120)
class ReloadTest {
    private static final int CHUNKS = 30;
    private static final Duration BETWEEN_CHUNKS = Duration.ofMillis(100);

    @TempDir Path folder = Path.of("");

    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final FakeProvider one = provider("one");
    private final FakeProvider two = provider("two");
    private Path yaml = Path.of("");
    private Path env = Path.of("");

    @BeforeEach
    void writeFiles() throws IOException {
        yaml = folder.resolve("martlet.yaml");
        env = Files.writeString(folder.resolve("martlet.env"), "");
        write(one, "");
    }

    @AfterEach
    void closeProviders() {
        one.close();
        two.close();
    }

    @Test
    @DisplayName("L-3: a file that changes is in force soon after, without being asked")
    void aChangedFileIsSeen() throws Exception {
        try (Gateway gateway = start()) {
            assertEquals("one", ask(gateway));
            write(two, "");
            Wait.until(() -> ask(gateway).equals("two"));
            assertSaid("configuration read again; in force now: transparent.services");
        }
    }

    @Test
    void aChangedVariableAndAChangedCredentialAreSeen() throws Exception {
        Path secret = Files.writeString(folder.resolve("service"), address(one));
        Files.writeString(env, "WHICH=" + address(one) + "\n");
        Files.writeString(yaml, SERVER + "transparent: {services: ['${WHICH}', 'file:" + secret + "']}\n");
        try (Gateway gateway = start()) {
            assertEquals("one", ask(gateway));
            Files.writeString(env, "WHICH=" + address(two) + "\n");
            Path next = Files.writeString(folder.resolve("next"), address(two));
            Files.move(next, secret, StandardCopyOption.ATOMIC_MOVE);
            Wait.until(() -> Stream.generate(() -> ask(gateway)).limit(8).allMatch("two"::equals));
        }
    }

    @Test
    @DisplayName("L-2: a broken file changes nothing, and log and health say so")
    void aBrokenFileIsRefused() throws Exception {
        try (Gateway gateway = start()) {
            Files.writeString(yaml, "server: {port: sk-fake-canary}\ntransparent: {service: 1}\n");
            gateway.reload();
            assertEquals("one", ask(gateway));
            String health = health(gateway);
            assertTrue(health.contains("\"status\":\"degraded\""), health);
            assertTrue(health.contains("\"config\":{\"refused\":\"2") && health.contains("\"problems\":2"), health);
            assertFalse(health.contains("canary"), health);
            assertSaid("<3>" + yaml + ":1: server.port is ");
            assertSaid("<3>configuration refused; what was in force stays so");
            write(two, "");
            gateway.reload();
            assertEquals("two", ask(gateway));
            assertTrue(health(gateway).contains("\"status\":\"ok\""), health(gateway));
            assertFalse(health(gateway).contains("\"config\""), health(gateway));
        }
    }

    @Test
    @DisplayName("L-2: that a file was refused is said however much is wrong with it")
    void aVeryBrokenFileIsRefused() throws Exception {
        try (Gateway gateway = start()) {
            Files.write(yaml, IntStream.range(0, 60).mapToObj(i -> "x" + i + ": 1").toList());
            gateway.reload();
            assertSaid("<3>configuration refused; what was in force stays so");
        }
    }

    @Test
    void whatHasNoEffectIsSaidOfAReloadToo() throws Exception {
        try (Gateway gateway = start()) {
            Files.writeString(yaml, Files.readString(yaml) + "aliases: {fast: no-such-model}\n");
            gateway.reload();
            assertSaid("aliases.fast names no-such-model, which no channel takes");
            gateway.reload();
            assertSaid("configuration read again; nothing changed");
            assertEquals(1, count("aliases.fast names"));
        }
    }

    @Test
    void aFileThatIsGoneIsRefusedUntilItIsBack() throws Exception {
        try (Gateway gateway = start()) {
            Files.delete(yaml);
            Wait.until(() -> health(gateway).contains("\"problems\":1"));
            assertEquals("one", ask(gateway));
            write(two, "");
            Wait.until(() -> ask(gateway).equals("two"));
        }
    }

    @Test
    void whatIsFixedWhileMartletRunsIsNamed() throws Exception {
        try (Gateway gateway = start()) {
            Files.writeString(yaml, Files.readString(yaml).replace("port: 0", "port: 1, limits: {headers: 11}"));
            gateway.reload();
            assertSaid("nothing changed; takes effect at the next restart: server.limits.headers, server.port");
            assertTrue(health(gateway).contains("\"status\":\"ok\""), health(gateway));
            String waiting = "\"config\":{\"atNextRestart\":[\"server.limits.headers\",\"server.port\"]}";
            assertTrue(health(gateway).contains(waiting), health(gateway));
            write(one, "");
            gateway.reload();
            assertFalse(health(gateway).contains("\"config\""), health(gateway));
        }
    }

    @Test
    void originsAndTheLogLevelFollow() throws Exception {
        try (Gateway gateway = start()) {
            assertTrue(RawClient.get(gateway.port()).says("Access-Control-Allow-Origin: *"));
            assertSaid("GET /v1/models -> 200"); // written a moment after the answer, with the level of that moment
            String origins =
                    Files.readString(yaml).replace("port: 0", "port: 0, cors: {origins: ['https://a.example']}");
            Files.writeString(yaml, origins + "log: {level: warn}\n");
            gateway.reload();
            assertFalse(RawClient.get(gateway.port()).says("Access-Control-Allow-Origin: *"));
            int calls = count("GET /v1/models -> 200");
            assertEquals("one", ask(gateway));
            Files.writeString(yaml, origins + "log: {level: debug}\n");
            gateway.reload();
            assertSaid("in force now: log.level");
            assertEquals(calls, count("GET /v1/models -> 200"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "EC", "Ed25519"})
    @DisplayName("a new certificate is shown to new clients; one that does not fit its key is not")
    void aChangedCertificateIsShown(String algorithm) throws Exception {
        TestCertificate first = TestCertificate.make(folder, "first", algorithm);
        TestCertificate second = TestCertificate.make(folder, "second", algorithm);
        Path chain = Files.copy(first.chain(), folder.resolve("tls.pem"));
        Path key = Files.copy(first.key(), folder.resolve("tls.key"));
        write(one, ", tls: {certificate: " + chain + ", key: " + key + "}");
        try (Gateway gateway = start()) {
            X509Certificate before = shown(gateway);
            Files.copy(second.chain(), chain, StandardCopyOption.REPLACE_EXISTING);
            gateway.reload();
            assertSaid("which is not the key of the certificate");
            assertEquals(before, shown(gateway));
            Files.copy(second.key(), key, StandardCopyOption.REPLACE_EXISTING);
            gateway.reload();
            assertSaid("in force now: the files of server.tls");
            assertFalse(before.equals(shown(gateway)));
        }
    }

    @Test
    @DisplayName("L-3: 100 reloads under load, broken ones between: no call lost, no stream cut")
    void nothingIsLostByReloads() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger answered = new AtomicInteger();
        try (Gateway gateway = start();
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < 50; i++) running.add(clients.submit(() -> stream(gateway, over)));
            for (int i = 0; i < 4; i++) running.add(clients.submit(() -> call(gateway, over, answered)));
            for (int i = 0; i < 100; i++) {
                FakeProvider now = i % 2 == 0 ? two : one;
                if (i % 10 == 9) Files.writeString(yaml, "transparent: [");
                else write(now, "");
                gateway.reload();
                assertEquals(i % 10 == 9 ? "two" : now == one ? "one" : "two", ask(gateway));
                Wait.pause(Duration.ofMillis(40));
            }
            over.set(true);
            for (Future<?> each : running) each.get(30, TimeUnit.SECONDS);
        }
        assertTrue(answered.get() > 200, () -> "only " + answered + " calls ran beside the reloads");
    }

    /// Whole streams, one after the other: every chunk comes, and from one provider.
    private static void stream(Gateway gateway, AtomicBoolean over) {
        while (!over.get()) {
            RawClient.Answer answer = RawClient.ask(gateway.port(), "GET /stream HTTP/1.1\r\nHost: a\r\n\r\n");
            assertTrue(answer.complete(), answer::toString);
            String name = answer.body().substring(0, 3);
            assertEquals(name.repeat(CHUNKS), answer.body());
        }
    }

    private static void call(Gateway gateway, AtomicBoolean over, AtomicInteger answered) {
        try (RawClient client = new RawClient(gateway.port())) {
            while (!over.get()) {
                client.send("GET /v1/models HTTP/1.1\r\nHost: a\r\n\r\n");
                assertEquals(200, client.read().status());
                answered.incrementAndGet();
                Wait.pause(Duration.ofMillis(15));
            }
        }
    }

    @Test
    @DisplayName("L-2: SIGHUP reads again, a broken file too; SIGTERM then ends with 0")
    void theProcessReadsAgainOnASignal() throws Exception {
        try (MartletProcess martlet = new MartletProcess(folder, Files.readString(yaml), Map.of())) {
            Files.writeString(yaml, "transparent: [");
            martlet.signal("HUP");
            martlet.awaitLine("configuration refused");
            write(two, "");
            martlet.signal("HUP");
            martlet.awaitLine("in force now: transparent.services");
            assertEquals("two", RawClient.get(martlet.port()).body());
            martlet.signal("TERM");
            assertTrue(martlet.process().waitFor(30, TimeUnit.SECONDS));
            assertEquals(0, martlet.process().exitValue());
        }
    }

    private static final String SERVER = "server: {host: 127.0.0.1, port: 0}\n";

    private void write(FakeProvider provider, String server) throws IOException {
        String services = "transparent: {services: ['" + address(provider) + "', '" + address(provider) + "']}\n";
        // As a whole: the watch may look in this moment.
        Path whole = Files.writeString(folder.resolve("next.yaml"), SERVER.replace("}", server + "}") + services);
        Files.move(whole, yaml, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    private static String address(FakeProvider provider) {
        return "http://127.0.0.1:" + provider.port();
    }

    private Gateway start() throws ConfigInvalid {
        Gateway gateway = new Gateway(() -> Config.load(Optional.of(yaml), Map.of(), Optional.of(env)), log);
        gateway.start();
        return gateway;
    }

    private static String ask(Gateway gateway) {
        return RawClient.get(gateway.port()).body();
    }

    private static String health(Gateway gateway) {
        return RawClient.ask(gateway.port(), "GET /health HTTP/1.1\r\nHost: a\r\n\r\n").body();
    }

    /// Answers with its name; on `/stream` many times, slowly.
    private static FakeProvider provider(String name) {
        return new FakeProvider(peer -> {
            for (Optional<RequestHead> head = peer.head(); head.isPresent(); head = peer.head()) {
                if (!head.get().target().equals("/stream")) {
                    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n" + name);
                    continue;
                }
                peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                for (int i = 0; i < CHUNKS; i++) {
                    peer.send("3\r\n" + name + "\r\n");
                    Wait.pause(BETWEEN_CHUNKS);
                }
                peer.send("0\r\n\r\n");
            }
        });
    }

    private static X509Certificate shown(Gateway gateway) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Anybody()}, new SecureRandom());
        try (SSLSocket socket =
                (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), gateway.port())) {
            socket.startHandshake();
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }

    /// A client that only wants to see.
    private static final class Anybody implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String kind) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String kind) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    private void assertSaid(String text) {
        Wait.until(() -> count(text) > 0);
    }

    private int count(String text) {
        return log.toString(StandardCharsets.UTF_8).split(Pattern.quote(text), -1).length - 1;
    }
}
