package dev.martlet.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.martlet.app.RawClient.Answer;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/// What an operator sees of a running gateway: `/metrics`, `/stats`, the log.
@Timeout(60)
class MonitoringTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
    private static final String BAD = "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 3\r\n\r\nbad";

    private final ByteArrayOutputStream log = new ByteArrayOutputStream();

    @Test
    @DisplayName("what a browser asks before it calls leaves a line, too; nobody is asked for it")
    void optionsLeaveALine() {
        try (FakeProvider provider = FakeProvider.answering(OK);
                Gateway gateway = gateway("", provider, provider)) {
            assertEquals(204, RawClient.ask(gateway.port(), RawClient.GET.replace("GET", "OPTIONS")).status());
            String line = "<6>OPTIONS /v1/models -> 204 (";
            Wait.until(() -> log.toString(StandardCharsets.UTF_8).contains(line), log::toString);
            assertTrue(page(gateway, "/metrics").contains("method=\"OPTIONS\",status=\"2xx\""));
            assertEquals(0, provider.connections());
        }
    }

    @Test
    void metricsAndStatsTellOfCallsAttemptsAndFailovers() throws IOException {
        try (FakeProvider good = FakeProvider.answering(OK);
                FakeProvider bad = FakeProvider.answering(BAD);
                Gateway gateway = gateway("", good, bad)) {
            for (int i = 0; i < 40; i++) assertEquals(200, RawClient.get(gateway.port()).status());
            awaitRest(gateway);
            String metrics = page(gateway, "/metrics");
            assertEquals(
                    40, sample(metrics, "martlet_calls_total{surface=\"transparent\",method=\"GET\",status=\"2xx\""));
            assertEquals(
                    40, sample(metrics, "martlet_attempts_total{target=\"service-1\",kind=\"pool\",signal=\"2xx\"}"));
            double failed =
                    sample(metrics, "martlet_attempts_total{target=\"service-2\",kind=\"pool\",signal=\"5xx\"}");
            assertTrue(failed >= 3, "service-2 is tried until its breaker opens: " + failed);
            assertEquals(failed, sample(metrics, "martlet_failovers_total{surface=\"transparent\"}"));
            assertEquals(1, sample(metrics, "martlet_breaker{target=\"service-2\",state=\"open\"}"));
            assertTrue(sample(metrics, "martlet_connections ") >= 1, "this one, and perhaps one that is just closing");
            assertEquals(0, sample(metrics, "martlet_calls_in_flight "));

            JsonNode stats = new ObjectMapper().readTree(page(gateway, "/stats"));
            assertTrue(Instant.parse(stats.path("timestamp").asText()).isAfter(Instant.EPOCH));
            assertEquals(ProcessHandle.current().pid(), stats.path("pid").asLong());
            assertEquals(40, stats.at("/requests").asLong());
            assertEquals(0, stats.at("/errors").asLong());
            assertEquals(2, stats.at("/loadBalancer/totalServices").asLong());
            assertEquals(1, stats.at("/loadBalancer/availableServices").asLong());
            assertEquals(1, stats.at("/loadBalancer/circuitBrokenServices").asLong());
            assertEquals(40, stats.at("/loadBalancer/totalSuccesses").asLong());
            assertEquals("closed", stats.at("/circuitBreaker/service-1/state").asText());
            assertEquals(40, stats.at("/circuitBreaker/service-1/stats/successCount").asLong());
            assertEquals("open", stats.at("/circuitBreaker/service-2/state").asText());
            assertEquals(failed, stats.at("/circuitBreaker/service-2/stats/failureCount").asDouble());
            Instant next = Instant.parse(stats.at("/circuitBreaker/service-2/nextAttemptTime").asText());
            Instant last = Instant.parse(stats.at("/circuitBreaker/service-2/stats/lastFailureTime").asText());
            assertTrue(next.isAfter(last));
            assertTrue(stats.at("/loadBalancer/averageResponseTime").isNumber());
            assertTrue(stats.at("/system/memory/rss").asLong() > 0);
            assertTrue(stats.at("/crowding/connectionsMax").asLong() > 0);
        }
    }

    @Test
    void metricsAreInPrometheusFormat() {
        try (Gateway gateway = gateway("")) {
            Answer answer = RawClient.ask(gateway.port(), "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertTrue(answer.says("Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n"), answer.head());
            assertTrue(answer.says("Cache-Control: no-store\r\n"), answer.head());
        }
    }

    @ParameterizedTest
    @DisplayName("A-16 /metrics and /stats are for requests from this machine without a proxy; /health is for all")
    @CsvSource({
        "GET, Host: localhost, 200",
        "HEAD, Host: 127.0.0.1:8080, 200",
        "POST, Host: localhost, 405",
        "GET, Host: gateway.example, 403",
        "GET, Host: localhost+X-Forwarded-For: 127.0.0.1, 403",
        "GET, Host: localhost+Origin: https://gateway.example, 403",
        "POST, Host: gateway.example, 403",
    })
    void theOperatorsPagesAreForThisMachine(String method, String fields, int status) {
        try (Gateway gateway = gateway("")) {
            String head = " HTTP/1.1\r\n" + fields.replace("+", "\r\n") + "\r\nConnection: close\r\n\r\n";
            for (String path : List.of("/metrics", "/stats?a=b")) {
                try (RawClient client = new RawClient(gateway.port())) {
                    client.send(method + " " + path + head);
                    Answer answer = client.read(method.equals("HEAD"));
                    assertEquals(status, answer.status(), path);
                    if (status == 403) assertTrue(answer.body().contains("own machine"), answer.body());
                }
            }
            int health = method.equals("POST") ? 405 : 200;
            try (RawClient client = new RawClient(gateway.port())) {
                client.send(method + " /health" + head);
                assertEquals(health, client.read(method.equals("HEAD")).status());
            }
        }
    }

    @Test
    @DisplayName("X-3 a log that nobody reads holds up no call, and the lines that are lost are counted")
    void aBlockedLogHoldsUpNoCall() throws IOException {
        try (PipedInputStream unread = new PipedInputStream();
                Gateway gateway = start("", new PipedOutputStream(unread));
                RawClient client = new RawClient(gateway.port())) {
            for (int i = 0; i < 9000; i++) {
                client.send("GET /Gateway HTTP/1.1\r\nHost: localhost\r\n\r\n");
                assertEquals(404, client.read().status());
            }
            double dropped = sample(page(gateway, "/metrics"), "martlet_log_lines_dropped_total ");
            assertTrue(dropped > 0 && dropped < 9000, dropped + " lines dropped");
        }
    }

    @Test
    @DisplayName("X-5 ten scrapers amid overload: /metrics answers each time, and no label holds what callers sent")
    void tenScrapersAmidOverload() throws Exception {
        FakeProvider.Script slow =
                peer -> {
                    while (peer.request()) {
                        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
                        peer.send(OK);
                    }
                };
        String call = "GET /v1/models?key=sk-fake-query HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer sk-fake-";
        try (FakeProvider provider = new FakeProvider(slow);
                Gateway gateway = startWhole("limits: {in-flight: 2}", provider);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            AtomicBoolean over = new AtomicBoolean();
            for (int i = 0; i < 100; i++) {
                String bytes = call + i + "\r\n\r\n";
                threads.execute(() -> {
                    while (!over.get()) RawClient.ask(gateway.port(), bytes);
                });
            }
            String refused = "martlet_refusals_total{reason=\"overloaded\"}";
            while (sample(page(gateway, "/metrics"), refused) == 0) LockSupport.parkNanos(50_000_000);
            List<Future<Long>> scrapers = new ArrayList<>();
            for (int i = 0; i < 10; i++) scrapers.add(threads.submit(() -> slowestOfTen(gateway)));
            long slowest = 0;
            for (Future<Long> each : scrapers) slowest = Math.max(slowest, each.get(30, TimeUnit.SECONDS));
            over.set(true);
            assertTrue(slowest < 2000, "a scrape took " + slowest + " ms");
        }
    }

    private static long slowestOfTen(Gateway gateway) {
        long slowest = 0;
        for (int i = 0; i < 10; i++) {
            long since = System.nanoTime();
            String metrics = page(gateway, "/metrics");
            slowest = Math.max(slowest, (System.nanoTime() - since) / 1_000_000);
            assertTrue(metrics.contains("martlet_calls_in_flight_max 2\n"), metrics);
            assertFalse(metrics.contains("sk-fake") || metrics.contains("v1/models"), metrics);
        }
        return slowest;
    }

    @ParameterizedTest
    @DisplayName("L-10 all services are down: the process lives and is ready, and only /health tells of them")
    @CsvSource({"/health/live, 200, ok", "/health/ready, 200, ok", "/health, 200, degraded"})
    void allServicesAreDown(String path, int status, String word) {
        try (FakeProvider bad = FakeProvider.answering(BAD);
                Gateway gateway = gateway("", bad, bad)) {
            for (int i = 0; i < 3; i++) assertTrue(RawClient.get(gateway.port()).status() >= 500);
            Answer answer = RawClient.ask(gateway.port(), "GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n");
            assertEquals(status, answer.status());
            assertTrue(answer.body().contains("\"status\":\"" + word + "\""), answer.body());
        }
    }

    @Test
    @DisplayName("X-4 a call is one line at info; an attempt has one at debug, before the call's")
    void linesOfACall() {
        try (FakeProvider good = FakeProvider.answering(OK);
                Gateway gateway = gateway("", good, good)) {
            RawClient.ask(gateway.port(), "GET /one HTTP/1.1\r\nHost: a\r\nx-request-id: call-1\r\n\r\n");
        }
        assertEquals(1, lines().stream().filter(line -> line.contains("id=call-1")).count());
        log.reset();
        try (FakeProvider good = FakeProvider.answering(OK);
                Gateway gateway = gateway("log: {level: debug}", good, good)) {
            RawClient.ask(gateway.port(), "GET /two HTTP/1.1\r\nHost: a\r\nx-request-id: call-2\r\n\r\n");
        }
        List<String> two = lines().stream().filter(line -> line.contains("id=call-2")).toList();
        assertEquals(2, two.size(), two.toString());
        assertTrue(two.getFirst().matches("<7>attempt service-[12] -> 200 \\(\\d+ms\\) id=call-2"), two.getFirst());
        assertTrue(two.getLast().startsWith("<6>GET /two -> 200 ("), two.getLast());
    }

    @Test
    @DisplayName(
            "A-15, X-10 what a caller sends cannot forge a line, and an insane request id is replaced by one of ours")
    void requestIdsAndPathsAreHarmless() {
        String large = "i".repeat(10 << 10);
        try (FakeProvider good = FakeProvider.answering(OK);
                Gateway gateway = gateway("", good, good)) {
            for (String id : List.of(large, "sk-fake-id", "a b", "\"quoted\"")) {
                Answer answer =
                        RawClient.ask(gateway.port(), "GET /x HTTP/1.1\r\nHost: a\r\nx-request-id: " + id + "\r\n\r\n");
                assertEquals(200, answer.status());
                assertEquals(1, answer.fields().all("x-request-id").size(), answer.head());
                assertFalse(answer.head().contains(id), answer.head());
            }
            for (String id : List.of("a\rb", "a\nb", "a\r\n b", "a\u0000b", "a\u001bb")) {
                Answer answer =
                        RawClient.ask(gateway.port(), "GET /x HTTP/1.1\r\nHost: a\r\nx-request-id: " + id + "\r\n\r\n");
                assertEquals(400, answer.status());
            }
            RawClient.ask(gateway.port(), "GET /" + "p".repeat(3000) + " HTTP/1.1\r\nHost: a\r\n\r\n");
        }
        assertFalse(log.toString(StandardCharsets.UTF_8).contains("sk-fake-id"));
        for (String line : lines()) {
            assertTrue(line.matches("<[3467]>[ -~…]*"), line);
            assertTrue(line.length() < 2000, line);
        }
    }

    @Test
    @DisplayName("X-12 a JSON log is one object a line: times in UTC, durations of zero or more")
    void aJsonLogIsOneObjectALine() throws IOException {
        Instant began = Instant.now();
        try (FakeProvider good = FakeProvider.answering(OK);
                Gateway gateway = gateway("log: {format: json, level: debug}", good, good)) {
            RawClient.ask(gateway.port(), "GET /one HTTP/1.1\r\nHost: a\r\nx-request-id: call-1\r\n\r\n");
            RawClient.ask(gateway.port(), "nonsense\r\n\r\n");
        }
        int calls = 0;
        for (String line : lines()) {
            JsonNode object = new ObjectMapper().readTree(line.substring(3));
            assertTrue(object.path("time").asText().endsWith("Z"), line);
            Instant time = Instant.parse(object.path("time").asText());
            assertTrue(!time.isBefore(began) && !time.isAfter(Instant.now()), line);
            for (JsonNode millis : object.findValues("millis")) assertTrue(millis.asLong(-1) >= 0, line);
            assertTrue(object.path("first_byte_millis").asLong(0) <= object.path("millis").asLong(0), line);
            assertTrue(List.of("debug", "info", "warn", "error").contains(object.path("level").asText()), line);
            if (!object.path("event").asText().equals("call")) continue;
            calls++;
            if (object.path("id").asText().equals("call-1")) {
                assertEquals(200, object.path("status").asInt());
                assertEquals("/one", object.path("path").asText());
                assertEquals("200", object.at("/trail/0/signal").asText());
            } else {
                assertEquals("malformed", object.path("refused").asText());
            }
        }
        assertEquals(2, calls);
    }

    private Gateway gateway(String yaml, FakeProvider... pool) {
        return start(yaml, log, pool);
    }

    private static Gateway start(String yaml, OutputStream out, FakeProvider... pool) {
        StringBuilder services = new StringBuilder();
        for (FakeProvider provider : pool) services.append("'http://127.0.0.1:").append(provider.port()).append("', ");
        return YamlGateway.start("transparent: {services: [" + services + "]}\n" + yaml, Map.of(), out);
    }

    /// @param server what stands in `server` besides its address
    private Gateway startWhole(String server, FakeProvider provider) {
        String service = "'http://127.0.0.1:" + provider.port() + "'";
        String yaml = "server: {host: 127.0.0.1, port: 0, " + server + "}\ntransparent: {services: [%s, %s]}";
        return YamlGateway.startWhole(yaml.formatted(service, service), Map.of(), log);
    }

    /// Waits until no call runs: a call is counted a moment after its client has the answer.
    private static void awaitRest(Gateway gateway) {
        Wait.until(() -> sample(page(gateway, "/metrics"), "martlet_calls_in_flight ") == 0);
    }

    private static String page(Gateway gateway, String path) {
        Answer answer = RawClient.ask(gateway.port(), "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
        assertEquals(200, answer.status());
        return answer.body();
    }

    /// The sum of the samples that begin so.
    private static double sample(String metrics, String start) {
        return metrics.lines()
                .filter(line -> line.startsWith(start))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    private List<String> lines() {
        return log.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
