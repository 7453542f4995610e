package dev.martlet.app;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Credentials go to the service that is called, and nowhere else.
@Timeout(120)
class CanaryTest {
    private static final String CANARY = "canary4f1d";
    private static final String SECRET = "sk-fake-" + CANARY;
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
    private static final String BAD = "HTTP/1.1 500 Oops\r\nContent-Length: 3\r\n\r\nbad";
    private static final String CUT = "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nhalf";
    private static final String NONSENSE = "nonsense\r\n\r\n";

    private static final String FIELDS =
            "Host: localhost\r\nAuthorization: Bearer "
                    + SECRET
                    + "\r\nx-api-key: "
                    + SECRET
                    + "\r\napi-key: "
                    + SECRET
                    + "\r\nx-goog-api-key: "
                    + SECRET
                    + "\r\nProxy-Authorization: Basic "
                    + CANARY
                    + "\r\nCookie: session="
                    + CANARY
                    + "\r\nx-request-id: "
                    + SECRET
                    + "\r\n";

    private static final String QUERY = "?key=" + SECRET + "&token=" + CANARY;

    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final List<String> said = new ArrayList<>();

    @ParameterizedTest(name = "log format {0}")
    @DisplayName("A-8 no credential is in the log, /metrics, /stats, /health or a refusal")
    @CsvSource({"text", "json"})
    void noCredentialIsSeen(String format) throws IOException {
        try (FakeProvider good = FakeProvider.answering(OK);
                FakeProvider bad = FakeProvider.answering(BAD);
                FakeProvider plain = new FakeProvider(peer -> peer.send(BAD));
                FakeProvider cut =
                        new FakeProvider(peer -> {
                            if (peer.request()) peer.send(CUT);
                        });
                FakeProvider nonsense = FakeProvider.answering(NONSENSE)) {
            String dead = "'http://127.0.0.1:" + closedPort() + "'";
            List<List<String>> pools =
                    List.of(
                            List.of(http(good), http(good)),
                            List.of(http(bad), http(good)),
                            List.of(http(bad), http(nonsense)),
                            List.of(http(cut), http(cut)),
                            List.of(dead, http(nonsense)),
                            List.of(https(plain), dead),
                            List.of());
            for (List<String> pool : pools) everyKindOfCall(pool, Map.of(), format);
            String proxy = "http://user:" + CANARY + "@127.0.0.1:" + closedPort();
            everyKindOfCall(List.of(https(plain), https(plain)), Map.of("HTTPS_PROXY", proxy), format);
            assertTrue(
                    good.requests().stream().anyMatch(head -> head.fields().has("x-api-key")),
                    "it goes to the service");
        }
        String logged = log.toString(StandardCharsets.UTF_8);
        for (String sign : List.of("marker", "attempt", "tls", "refused", "framing", "500", "413")) {
            assertTrue(logged.contains(sign), "the log does not tell of " + sign);
        }
        assertTrue(said.size() > 100);
        assertFalse(logged.contains(CANARY), () -> hits(logged));
        for (String answer : said) assertFalse(answer.contains(CANARY), answer);
    }

    private void everyKindOfCall(List<String> pool, Map<String, String> environment, String format) {
        String yaml = "transparent: {services: " + pool + "}\nlog: {level: debug, format: " + format + "}\n";
        try (Gateway gateway = YamlGateway.start(yaml, environment, log)) {
            int port = gateway.port();
            ask(port, "GET /marker" + QUERY + " HTTP/1.1\r\n" + FIELDS + "\r\n");
            ask(port, post("Content-Length: " + SECRET.length() + "\r\n", SECRET));
            ask(port, post("Transfer-Encoding: chunked\r\n", "10\r\n" + SECRET.substring(0, 16) + "\r\n0\r\n\r\n"));
            ask(port, post("Transfer-Encoding: chunked\r\n", SECRET + "\r\n"));
            ask(port, post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", SECRET));
            ask(port, post("Content-Length: 999999999999\r\n", SECRET));
            ask(port, post("Authorization Bearer " + SECRET + "\r\n", ""));
            ask(port, post(SECRET + " : a\r\n", ""));
            ask(port, post("x-a: " + SECRET + "\u0000\r\n", ""));
            ask(port, post("Content-Length: " + CANARY + "\r\n", ""));
            ask(port, post("x-a: " + SECRET.repeat(4000) + "\r\n", ""));
            ask(port, "GET http://" + SECRET + "@a/ HTTP/1.1\r\n" + FIELDS + "\r\n");
            ask(port, "GET /" + QUERY + "\u0001 HTTP/1.1\r\n" + FIELDS + "\r\n");
            ask(port, "GET /" + QUERY + " HTTP/9.9 " + SECRET + "\r\n" + FIELDS + "\r\n");
            ask(port, "GET /a/../b" + QUERY + " HTTP/1.1\r\n" + FIELDS + "\r\n");
            ask(port, "PROPFIND /" + QUERY + " HTTP/1.1\r\n" + FIELDS + "\r\n");
            ask(port, "TRACE /" + QUERY + " HTTP/1.1\r\n" + FIELDS + "\r\n");
            ask(port, "GET /" + QUERY + " HTTP/1.1\r\nUpgrade: " + CANARY + "\r\n" + FIELDS + "\r\n");
            ask(port, "GET /verify" + QUERY + " HTTP/1.1\r\n" + FIELDS + "\r\n");
            ask(port, "GET /metrics" + QUERY + " HTTP/1.1\r\nOrigin: https://" + CANARY + "\r\n" + FIELDS + "\r\n");
            leave(port, post("Content-Length: 100\r\n", SECRET));
            for (String page : List.of("/metrics", "/stats", "/health", "/health/ready", "/")) {
                ask(port, "GET " + page + QUERY + " HTTP/1.1\r\n" + FIELDS + "\r\n");
            }
        }
    }

    private void ask(int port, String message) {
        RawClient.Answer answer = RawClient.ask(port, message);
        said.add(answer.head() + answer.body());
    }

    private static void leave(int port, String message) {
        try (RawClient client = new RawClient(port)) {
            client.send(message);
        }
    }

    private static String post(String fields, String content) {
        return "POST /marker" + QUERY + " HTTP/1.1\r\n" + FIELDS + fields + "\r\n" + content;
    }

    private static String http(FakeProvider provider) {
        return "'http://127.0.0.1:" + provider.port() + "'";
    }

    private static String https(FakeProvider provider) {
        return "'https://127.0.0.1:" + provider.port() + "'";
    }

    private static int closedPort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String hits(String logged) {
        return String.join("\n", logged.lines().filter(line -> line.contains(CANARY)).limit(5).toList());
    }
}
