package dev.martlet.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;

import dev.martlet.app.RawClient.Answer;
import dev.martlet.config.Config;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.GZIPInputStream;

/// `/gateway/{service}/{path}` from both sides.
class ServicesTest {
    private static final String BUSY = "HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy";
    private static final String EMBEDDINGS = "/gateway/svc/v1/embeddings";
    private static final String JSON = "Content-Type: application/json";

    @TempDir Path folder = Path.of("");

    private final ServiceStage stage = new ServiceStage();

    @AfterEach
    void close() {
        stage.close();
    }

    @Test
    @DisplayName("base path, path and query are joined, octet for octet; default headers where the caller has none")
    void joinsPaths() {
        FakeProvider recorder = stage.recorder(_ -> FakeProvider.OK);
        Gateway gateway =
                stage.gateway(recorder, "base-path: /v1/, default-headers: {X-Custom-Header: value, X-Mine: theirs}");
        Answer got =
                ServiceStage.get(
                        gateway, "/gateway/svc//a%2Fb/c:d/%E2%82%AC?q=%20a+b&path=x&service=y", "X-Mine: mine");
        assertEquals(200, got.status(), got::body);
        FakeProvider.Request asked = stage.requests().getFirst();
        assertEquals("/v1/a%2Fb/c:d/%E2%82%AC?q=%20a+b&path=x&service=y", asked.head().target());
        assertEquals(List.of("value"), asked.head().fields().all("X-Custom-Header"));
        assertEquals(List.of("mine"), asked.head().fields().all("X-Mine"));
        assertEquals(List.of("Mozilla/5.0 (compatible; API Gateway/1.0)"), asked.head().fields().all("User-Agent"));
    }

    @Test
    @DisplayName("a listed method is tried again after a 5xx; the last answer is the client's, whatever its status")
    void retries() {
        AtomicInteger asked = new AtomicInteger();
        FakeProvider recorder = stage.recorder(_ -> asked.incrementAndGet() == 1 ? BUSY : FakeProvider.OK);
        Gateway gateway = stage.gateway(recorder, "max-retries: 2");
        assertEquals(200, ServiceStage.get(gateway, "/gateway/svc/a").status());
        assertTrue(stage.line().contains(" trail=[svc:503("), stage.line());
        FakeProvider broken = stage.recorder(_ -> BUSY);
        Gateway failing = stage.gateway(broken, "max-retries: 2");
        Answer got = ServiceStage.get(failing, "/gateway/svc/a");
        assertEquals(503, got.status());
        assertEquals("busy", got.body());
        assertEquals(3, broken.requests().size());
    }

    @Test
    @DisplayName("a method that is not listed is sent once, and with lanes.retry: false every method is")
    void doesNotRetry() {
        FakeProvider broken = stage.recorder(_ -> BUSY);
        assertEquals(503, ServiceStage.post(stage.gateway(broken, ""), "/gateway/svc/a", "x").status());
        assertEquals(1, broken.requests().size());
        Gateway never = stage.gateway(broken, "", "lanes: {retry: false}");
        assertEquals(503, ServiceStage.get(never, "/gateway/svc/a").status());
        assertEquals(2, broken.requests().size());
    }

    @Test
    @DisplayName("U-36 a service's Retry-After is waited for when it is short; a 429 is the caller's, as it came")
    void heedsRetryAfter() {
        AtomicInteger asked = new AtomicInteger();
        String later = "HTTP/1.1 503 Busy\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n";
        String muchLater = "HTTP/1.1 503 Busy\r\nRetry-After: 30\r\nContent-Length: 0\r\n\r\n";
        String throttled = "HTTP/1.1 429 Slow\r\nRetry-After: 30\r\nContent-Length: 0\r\n\r\n";
        FakeProvider recorder =
                stage.recorder(request ->
                        switch (request.head().target()) {
                            case "/later" -> asked.incrementAndGet() == 1 ? later : FakeProvider.OK;
                            case "/much-later" -> muchLater;
                            default -> throttled;
                        });
        Gateway gateway = stage.gateway(recorder, "");
        long since = System.nanoTime();
        assertEquals(200, ServiceStage.get(gateway, "/gateway/svc/later").status());
        assertTrue(System.nanoTime() - since >= TimeUnit.MILLISECONDS.toNanos(1000));
        Answer refused = ServiceStage.get(gateway, "/gateway/svc/much-later");
        assertEquals(503, refused.status());
        assertTrue(refused.says("Retry-After: 30\r\n"));
        Answer limited = ServiceStage.get(gateway, "/gateway/svc/throttled");
        assertEquals(429, limited.status());
        assertTrue(limited.says("Retry-After: 30\r\n"));
        assertEquals(4, recorder.requests().size());
    }

    @Test
    @DisplayName("TIMEOUT 504: the lane's time, or the service's own, is for all tries until an answer begins")
    void timesOut() {
        FakeProvider silent =
                stage.scripted(peer -> {
                    while (peer.request()) peer.awaitClose();
                });
        Gateway lanes = stage.gateway(silent, "max-retries: 3", "lanes: {edge: {timeout: 300ms}}");
        assertFault(504, "TIMEOUT", "edge", ServiceStage.get(lanes, "/gateway/svc/a"));
        Gateway own = stage.gateway(silent, "timeout: 300ms");
        assertFault(504, "TIMEOUT", "edge", ServiceStage.get(own, "/gateway/svc/a"));
        Gateway slow = stage.gateway(silent, "", "lanes: {background: {timeout: 300ms}, fallback: false}");
        assertFault(504, "TIMEOUT", "background", ServiceStage.post(slow, EMBEDDINGS, "x"));
    }

    @Test
    @DisplayName("CONNECTION 503, SSL 502, NETWORK 502, DNS 502: each failure has its type")
    void typedErrors() throws IOException {
        int closed;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }
        FakeProvider plain = stage.scripted(FakeProvider.Peer::request);
        String yaml =
                "services:\n  closed: {host: 'http://127.0.0.1:"
                        + closed
                        + "'}\n"
                        + "  tls: {host: 'https://127.0.0.1:"
                        + plain.port()
                        + "'}\n"
                        + "  cut: {host: 'http://127.0.0.1:"
                        + plain.port()
                        + "'}\n"
                        + "  lost: {host: 'http://nobody.invalid'}\n";
        Gateway gateway = stage.gateway(yaml, Map.of());
        assertFault(503, "CONNECTION", "edge", ServiceStage.get(gateway, "/gateway/closed/a"));
        assertFault(502, "SSL", "edge", ServiceStage.get(gateway, "/gateway/tls/a"));
        assertFault(502, "NETWORK", "edge", ServiceStage.get(gateway, "/gateway/cut/a"));
        assertFault(502, "DNS", "edge", ServiceStage.get(gateway, "/gateway/lost/a"));
    }

    private static void assertFault(int status, String type, String lane, Answer got) {
        assertEquals(status, got.status(), got::body);
        JsonNode error = ServiceStage.error(got);
        assertEquals(type, error.get("type").asText());
        assertFalse(error.get("message").asText().isEmpty());
        assertEquals(got.fields().first("x-request-id").orElse(""), error.get("request_id").asText());
        assertTrue(error.get("timestamp").asText().matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z"));
        assertEquals(status, ServiceStage.json(got).get("status").asInt());
        assertTrue(got.says("X-Processing-Mode: " + lane + "\r\n"), got.head());
        assertTrue(got.head().matches("(?is).*\r\nX-Processing-Time: \\d+\r\n.*"), got.head());
    }

    @Test
    @DisplayName("SIZE_LIMIT 413: an answer that says it is too large is refused before anything of it passes")
    void refusesLargeAnswers() {
        String large = "HTTP/1.1 200 OK\r\nContent-Length: 3000000\r\n\r\n" + "x".repeat(3_000_000);
        FakeProvider recorder = stage.recorder(_ -> large);
        Gateway gateway = stage.gateway(recorder, "", "lanes: {edge: {response-limit: 2MiB}}");
        Answer got = ServiceStage.get(gateway, "/gateway/svc/a");
        assertEquals(413, got.status());
        assertEquals("SIZE_LIMIT", ServiceStage.error(got).get("type").asText());
        assertEquals("Response size (2.86MB) exceeds limit (2.00MB)", ServiceStage.error(got).get("message").asText());
        assertEquals(200, ServiceStage.post(gateway, EMBEDDINGS, "x").status(), "no limit in the background");
        Gateway own = stage.gateway(recorder, "response-limit: 3MB", "lanes: {edge: {response-limit: 2MiB}}");
        assertEquals(200, ServiceStage.get(own, "/gateway/svc/a").status(), "the service's own limit");
    }

    @Test
    @DisplayName("an answer without a length is counted and broken off at the limit; an event stream is not")
    void countsAnswers() {
        String chunk = "400\r\n" + "x".repeat(1024) + "\r\n";
        String head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: ";
        FakeProvider recorder =
                stage.recorder(request -> {
                    String type = request.head().target().equals("/events") ? "text/event-stream" : "text/plain";
                    return head + type + "\r\n\r\n" + chunk.repeat(8) + "0\r\n\r\n";
                });
        Gateway gateway = stage.gateway(recorder, "response-limit: 4KiB");
        Answer cut = ServiceStage.get(gateway, "/gateway/svc/plain");
        assertEquals(200, cut.status());
        assertFalse(cut.complete());
        assertTrue(cut.body().length() <= 4096, () -> cut.body().length() + " bytes");
        assertTrue(stage.line().endsWith(" complete=false term=PD"), stage.line());
        Answer events = ServiceStage.get(gateway, "/gateway/svc/events");
        assertTrue(events.complete());
        assertEquals(8192, events.body().length());
    }

    @Test
    @DisplayName("a background call that broke and may be sent again goes on in the edge lane")
    void fallsBack() {
        AtomicInteger asked = new AtomicInteger();
        FakeProvider recorder =
                stage.scripted(peer -> {
                    while (peer.request()) {
                        if (asked.incrementAndGet() == 1) return;
                        peer.send(FakeProvider.OK);
                    }
                });
        Gateway gateway = stage.gateway(recorder, "retry-methods: [POST]");
        Answer got = ServiceStage.post(gateway, EMBEDDINGS, "{}", JSON);
        assertEquals(200, got.status(), got::body);
        assertTrue(got.says("X-Processing-Mode: edge\r\n"), got.head());
        String line = stage.line();
        assertTrue(line.contains(" lane=edge from=background reason=\"Long-running API\" trail=[svc:closed("), line);
        String metrics = ChannelStage.page(gateway, "/metrics");
        assertTrue(metrics.contains("martlet_lane_fallbacks_total 1\n"), metrics);
        assertTrue(
                metrics.contains("martlet_lane_calls_total{lane=\"background\",reason=\"long_running\"} 1\n"), metrics);
    }

    @Test
    @DisplayName("when the background lane is full, calls go by the edge lane, or are told to come again soon")
    void fullBackgroundLane() throws IOException {
        CountDownLatch arrived = new CountDownLatch(1);
        FakeProvider recorder =
                stage.scripted(peer -> {
                    for (var request = peer.next(); request.isPresent(); request = peer.next()) {
                        if (request.get().body().equals("hang")) {
                            arrived.countDown();
                            peer.awaitClose();
                        } else peer.send(FakeProvider.OK);
                    }
                });
        for (boolean fallback : new boolean[] {true, false}) {
            Gateway gateway = stage.gateway(recorder, "fallback: " + fallback, "lanes: {background: {concurrency: 1}}");
            try (RawClient hanging = new RawClient(gateway.port())) {
                hanging.send(ServiceStage.request("POST", EMBEDDINGS, "hang"));
                awaitQuietly(arrived);
                awaitMetric(gateway, "martlet_lane_in_flight{lane=\"background\"} 1\n");
                Answer second = ServiceStage.post(gateway, EMBEDDINGS, "{}", JSON);
                assertEquals(fallback ? 200 : 503, second.status(), second::body);
                assertTrue(second.says("X-Processing-Mode: " + (fallback ? "edge" : "background") + "\r\n"));
                assertEquals(!fallback, second.says("Retry-After: 1\r\n"));
                assertEquals(200, ServiceStage.get(gateway, "/gateway/svc/a").status());
            }
            awaitMetric(gateway, "martlet_lane_in_flight{lane=\"background\"} 0\n");
            assertEquals(200, ServiceStage.post(gateway, EMBEDDINGS, "{}", JSON).status());
        }
    }

    @Test
    @DisplayName("JSON of 1 KiB or more is gzipped for who takes it; nothing else is")
    void gzips() throws IOException, InterruptedException {
        String long_ = "{\"text\":\"" + "lorem ipsum ".repeat(200) + "\"}";
        String short_ = "{\"text\":\"lorem\"}";
        FakeProvider recorder =
                stage.recorder(request ->
                        switch (request.head().target()) {
                            case "/long" -> ChannelStage.json(200, long_, "ETag: \"one\"");
                            case "/short" -> ChannelStage.json(200, short_);
                            case "/packed" -> ChannelStage.json(200, long_, "Content-Encoding: br");
                            case "/no-transform" -> ChannelStage.json(200, long_, "Cache-Control: no-transform");
                            default ->
                                    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: "
                                            + long_.length()
                                            + "\r\n\r\n"
                                            + long_;
                        });
        Gateway gateway = stage.gateway(recorder, "");
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<byte[]> packed = fetch(http, gateway, "/long", "gzip, deflate");
            assertEquals("gzip", packed.headers().firstValue("Content-Encoding").orElse(""));
            assertEquals("Accept-Encoding", packed.headers().firstValue("Vary").orElse(""));
            assertEquals("W/\"one\"", packed.headers().firstValue("ETag").orElse(""));
            assertTrue(packed.body().length < 300, packed.body().length + " bytes");
            try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(packed.body()))) {
                assertEquals(long_, new String(in.readAllBytes(), StandardCharsets.UTF_8));
            }
            assertTrue(stage.line().contains(" out=" + packed.body().length + " "), stage.line());
            for (String path : List.of("/short", "/packed", "/no-transform", "/events")) {
                HttpResponse<byte[]> plain = fetch(http, gateway, path, "gzip");
                assertFalse(plain.headers().firstValue("Content-Encoding").orElse("").equals("gzip"), path);
            }
            for (String accepted : List.of("br", "gzip;q=0", "identity", "notgzip", "gzip; q=0.000")) {
                HttpResponse<byte[]> plain = fetch(http, gateway, "/long", accepted);
                assertTrue(plain.headers().firstValue("Content-Encoding").isEmpty(), accepted);
                assertEquals(long_, new String(plain.body(), StandardCharsets.UTF_8));
            }
            assertEquals(
                    "gzip",
                    fetch(http, gateway, "/long", "br, GZIP;q=0.5")
                            .headers()
                            .firstValue("Content-Encoding")
                            .orElse(""));
        }
    }

    private static HttpResponse<byte[]> fetch(HttpClient http, Gateway gateway, String path, String accepted)
            throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + gateway.port() + "/gateway/svc" + path);
        HttpRequest request = HttpRequest.newBuilder(uri).header("Accept-Encoding", accepted).build();
        return http.send(request, HttpResponse.BodyHandlers.ofByteArray());
    }

    @Test
    @DisplayName("preflight is answered here; every answer, refusals too, may be read by a page with its lane and time")
    void crossOrigin() {
        FakeProvider recorder = stage.recorder(_ -> FakeProvider.OK);
        Gateway gateway = stage.gateway(recorder, "");
        Answer preflight =
                ServiceStage.send(
                        gateway, "OPTIONS", "/gateway/svc/v1/chat/completions", "", "Origin: https://app.example");
        assertEquals(204, preflight.status());
        assertTrue(preflight.says("Access-Control-Max-Age: 86400\r\n"), preflight.head());
        assertTrue(preflight.says("Access-Control-Allow-Headers: *\r\n"));
        assertEquals(0, recorder.requests().size());
        String exposed =
                "Access-Control-Expose-Headers: Content-Type, Content-Length, X-Request-Id, X-Processing-Mode,"
                        + " X-Processing-Time\r\n";
        for (String path : List.of("/gateway/svc/a", "/gateway/nobody/a", "/gateway/svc")) {
            Answer got = ServiceStage.get(gateway, path, "Origin: https://app.example");
            assertTrue(got.says("Access-Control-Allow-Origin: *\r\n") && got.says(exposed), got.head());
        }
    }

    @ParameterizedTest(name = "{0} {1}: {2}")
    @DisplayName("callers beyond this machine are served once the operator has spoken of the services")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    ''               | ''                    | 403
                    services:        | ''                    | 403
                    services: {}     | ''                    | 200
                    lanes: {}        | ''                    | 403
                    ''               | LOG_LEVEL=INFO        | 403
                    ''               | CORS_ORIGIN=*         | 403
                    ''               | ALLOWED_ORIGIN=*      | 200
                    ''               | DEFAULT_TIMEOUT=20000 | 200
                    ''               | BACKGROUND_TIMEOUT=1000 | 200
                    ''               | MAX_RESPONSE_SIZE=1000 | 200
                    ''               | ENABLE_RETRY=true     | 200
                    ''               | ENABLE_FALLBACK=false | 200
                    """)
    void whoMayUseThem(String yaml, String variable, int status) {
        Map<String, String> environment =
                variable.isEmpty() ? Map.of() : Map.of(variable.split("=", 2)[0], variable.split("=", 2)[1]);
        Gateway gateway = stage.gateway(yaml + "\n", environment);
        String head = "GET /gateway/nobody/a HTTP/1.1\r\nHost: gateway.example\r\n\r\n";
        int expected = status == 200 ? 404 : status; // let in, and told that there is no such service
        Answer stranger = RawClient.ask(gateway.port(), head);
        assertEquals(expected, stranger.status(), stranger::body);
        if (status == 403) assertEquals("api_error", ServiceStage.error(stranger).get("type").asText());
        assertEquals(404, ServiceStage.get(gateway, "/gateway/nobody/a").status());
    }

    @Test
    @DisplayName(
            "a body of 32 MiB goes through the background lane, and an answer that takes longer than the edge waits")
    void backgroundTakesItsTime() throws Exception {
        long bytes = 32L << 20;
        FakeProvider recorder =
                stage.scripted(peer -> {
                    for (var head = peer.head(); head.isPresent(); head = peer.head()) {
                        String came = Long.toString(peer.drain(head.get()));
                        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1500));
                        peer.send("HTTP/1.1 200 OK\r\nContent-Length: " + came.length() + "\r\n\r\n" + came);
                    }
                });
        Gateway gateway = stage.gateway(recorder, "", "lanes: {edge: {timeout: 500ms}}");
        try (RawClient client = new RawClient(gateway.port())) {
            byte[] part = new byte[1 << 20];
            Arrays.fill(part, (byte) 'x');
            client.upload(
                    "POST /gateway/svc/v1/files HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + bytes + "\r\n\r\n",
                    part,
                    32,
                    "");
            Answer got = client.read();
            assertEquals(200, got.status(), got::body);
            assertEquals(Long.toString(bytes), got.body());
            assertTrue(got.says("X-Processing-Mode: background\r\n"), got.head());
        }
        Answer slow = ServiceStage.post(gateway, EMBEDDINGS, "{}", JSON);
        assertEquals(200, slow.status(), slow::body);
        assertTrue(Long.parseLong(slow.fields().first("X-Processing-Time").orElse("0")) >= 1400, slow.head());
    }

    @Test
    @DisplayName(
            "a long body on a path of streams is looked at to its end: where it asks for events, it goes by the edge")
    void longStreamingBody() {
        FakeProvider recorder = stage.recorder(request -> ChannelStage.json(200, "" + request.body().length()));
        Gateway gateway = stage.gateway(recorder, "");
        String text = "x".repeat(3 << 20);
        String streams = "{\"messages\":[\"" + text + "\"],\"stream\":true}";
        Answer got = ServiceStage.post(gateway, "/gateway/svc/v1/chat/completions", streams, JSON);
        assertEquals(streams.length() + "", got.body());
        assertTrue(got.says("X-Processing-Mode: edge\r\n"), got.head());
        String whole = "{\"messages\":[\"" + text + "\"]}";
        Answer large = ServiceStage.post(gateway, "/gateway/svc/v1/chat/completions", whole, JSON);
        assertTrue(large.says("X-Processing-Mode: background\r\n"), large.head());
        assertTrue(stage.lines(2).get(1).contains("reason=\"Large request body: 3.00MB\""), stage.lines(2).get(1));
    }

    @Test
    @DisplayName("services, lanes and who may use them follow a reload; a running call keeps its lane's time")
    void reloads() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch answers = new CountDownLatch(1);
        FakeProvider recorder =
                stage.scripted(peer -> {
                    for (var head = peer.head(); head.isPresent(); head = peer.head()) {
                        if (head.get().target().equals("/slow")) {
                            arrived.countDown();
                            awaitQuietly(answers);
                        }
                        peer.send(FakeProvider.OK);
                    }
                });
        Path yaml = folder.resolve("m.yaml");
        Files.writeString(yaml, "server: {host: 127.0.0.1, port: 0}\n");
        try (Gateway gateway =
                new Gateway(
                        () -> Config.load(Optional.of(yaml), Map.of(), Optional.empty()),
                        OutputStream.nullOutputStream())) {
            gateway.start();
            String stranger = "GET /gateway/one/a HTTP/1.1\r\nHost: gateway.example\r\n\r\n";
            assertEquals(403, RawClient.ask(gateway.port(), stranger).status());
            assertEquals(404, ServiceStage.get(gateway, "/gateway/one/a").status());
            String one = "services: {one: {host: 'http://127.0.0.1:" + recorder.port() + "'}}\n";
            Files.writeString(yaml, "server: {host: 127.0.0.1, port: 0}\n" + one);
            gateway.reload();
            assertEquals(200, RawClient.ask(gateway.port(), stranger).status());
            try (RawClient slow = new RawClient(gateway.port())) {
                slow.send(ServiceStage.request("GET", "/gateway/one/slow", ""));
                awaitQuietly(arrived);
                Files.writeString(yaml, "server: {host: 127.0.0.1, port: 0}\nlanes: {edge: {timeout: 10ms}}\n");
                gateway.reload();
                assertEquals(403, RawClient.ask(gateway.port(), stranger).status());
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
                answers.countDown();
                assertEquals(200, slow.read().status());
            }
        }
    }

    @Test
    @DisplayName("HEAD has no body, and a caller of HTTP/1.0 gets no chunks")
    void oldCallers() {
        String chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
        String toHead = "HTTP/1.1 200 OK\r\nContent-Length: 90000000\r\n\r\n";
        FakeProvider recorder = stage.recorder(request -> request.head().method().equals("HEAD") ? toHead : chunked);
        Gateway gateway = stage.gateway(recorder, "");
        try (RawClient client = new RawClient(gateway.port())) {
            client.send("HEAD /gateway/svc/a HTTP/1.1\r\nHost: localhost\r\n\r\n");
            Answer got = client.read(true);
            assertEquals(200, got.status());
            assertTrue(got.says("Content-Length: 90000000\r\n"), got.head());
        }
        Answer old = RawClient.ask(gateway.port(), "GET /gateway/svc/a HTTP/1.0\r\nHost: localhost\r\n\r\n");
        assertEquals("abc", old.body());
        assertFalse(old.says("Transfer-Encoding"), old.head());
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            assertTrue(latch.await(20, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void awaitMetric(Gateway gateway, String sample) {
        long until = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!ChannelStage.page(gateway, "/metrics").contains(sample)) {
            assertTrue(System.nanoTime() < until, "no " + sample);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }
}
