package dev.martlet.app;

import static dev.martlet.app.ChannelStage.channel;
import static dev.martlet.app.ChannelStage.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.martlet.app.RawClient.Answer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// `POST /verify`, with providers that take some keys and others not.
@Timeout(60)
class VerificationTest {
    private static final String FROM_CLIENT = "keys: from-client";
    private static final String GOOD = "sk-fake-good-0123456789";
    private static final String BAD = "sk-fake-bad-0123456789";
    private static final String DOWN = "sk-fake-down-0123456789";

    private final ChannelStage stage = new ChannelStage();

    @AfterEach
    void closes() throws Exception {
        stage.close();
    }

    @Test
    @DisplayName("seed 002's curl: an event for each key, then [DONE]; keys are masked, and no word is the provider's")
    void checksEachKey() throws IOException {
        Gateway gateway = stage.gateway(channel("one", provider(), FROM_CLIENT));
        Answer answer =
                verify(
                        gateway,
                        "",
                        "Content-Type: application/json",
                        "Authorization: Bearer " + GOOD + ", " + BAD + ",," + DOWN + "," + GOOD);
        assertEquals(200, answer.status(), answer::body);
        assertEquals("text/event-stream", answer.fields().first("Content-Type").orElse(""));
        assertEquals("no-cache", answer.fields().first("Cache-Control").orElse(""));
        assertTrue(answer.complete());
        assertTrue(answer.body().endsWith("\n\ndata: [DONE]\n\n"), answer::body);
        List<JsonNode> events = events(answer);
        assertEquals(
                List.of("BAD refused with 401", "ERROR answered with 503", "GOOD "),
                events.stream()
                        .map(event -> event.path("status").asText() + " " + event.path("error").asText())
                        .sorted()
                        .toList());
        for (JsonNode event : events) {
            assertEquals("sk-fake......3456789", event.path("key").asText());
            assertTrue(event.path("responseTime").isIntegralNumber(), answer::body);
            assertEquals(event.path("status").asText().equals("GOOD"), event.path("error").isMissingNode());
        }
        assertFalse(answer.body().contains("secret-word"), answer::body);
        assertFalse(answer.body().contains(GOOD), answer::body);
        assertEquals(3, stage.requests().size());
        for (FakeProvider.Request request : stage.requests()) {
            assertEquals("GET", request.head().method());
            assertEquals("/v1/models", request.head().target());
        }
        stage.awaitLines(1, "<6>POST /verify -> 200 (");
    }

    @Test
    @DisplayName("good is a 2xx, bad 400, 401 and 403, and everything else an error that says why")
    void tellsBadFromUnknown() throws IOException {
        Gateway gateway = stage.gateway(channel("one", provider(), FROM_CLIENT, "timeouts: {first-byte: 1s}"));
        String keys =
                IntStream.of(200, 204, 301, 400, 401, 403, 404, 429, 500)
                        .mapToObj(status -> "status-" + status)
                        .collect(Collectors.joining(","));
        List<JsonNode> events = events(verify(gateway, "", "x-api-key: " + keys + ",silent,reset"));
        String all = events.toString();
        for (String error :
                List.of(
                        "\"BAD\",\"error\":\"refused with 400\"",
                        "\"BAD\",\"error\":\"refused with 401\"",
                        "\"BAD\",\"error\":\"refused with 403\"",
                        "\"ERROR\",\"error\":\"answered with 301\"",
                        "\"ERROR\",\"error\":\"answered with 404\"",
                        "\"ERROR\",\"error\":\"answered with 429\"",
                        "\"ERROR\",\"error\":\"answered with 500\"",
                        "\"ERROR\",\"error\":\"no answer: timeout\"",
                        "\"ERROR\",\"error\":\"no answer: closed\"")) {
            assertTrue(all.contains("\"status\":" + error), all);
        }
        assertEquals(2, events.stream().filter(event -> event.path("status").asText().equals("GOOD")).count());
    }

    @Test
    @DisplayName("events come in the order in which answers do")
    void answersAsSoonAsItKnows() throws Exception {
        CountDownLatch last = new CountDownLatch(1);
        FakeProvider provider =
                stage.provider(request -> {
                    if (request.head().fields().first("Authorization").orElse("").endsWith("slow")) Wait.on(last);
                    return json(200, "{}");
                });
        Gateway gateway = stage.gateway(channel("one", provider, FROM_CLIENT));
        try (RawClient client = new RawClient(gateway.port())) {
            client.send(request("", "Authorization: Bearer slow,quick-1,quick-2"));
            client.await("\"key\":\"*******\"");
            client.await("\"key\":\"*******\"");
            last.countDown();
            assertTrue(client.await("[DONE]").contains("\"key\":\"****\""));
        }
    }

    @Test
    void checksTenAtATime() {
        CountDownLatch ten = new CountDownLatch(10);
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        FakeProvider provider =
                stage.provider(_ -> {
                    most.accumulateAndGet(now.incrementAndGet(), Math::max);
                    ten.countDown();
                    Wait.on(ten);
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
                    now.decrementAndGet();
                    return json(200, "{}");
                });
        Gateway gateway = stage.gateway(channel("one", provider, FROM_CLIENT));
        Answer answer = verify(gateway, "", "Authorization: Bearer " + keys(50));
        assertEquals(51, answer.body().split("data: ", -1).length - 1, answer::body);
        assertEquals(10, most.get());
    }

    @Test
    @DisplayName("when the caller leaves, what is under way is broken off, and the rest is not asked")
    void endsWithItsCaller() throws Exception {
        CountDownLatch asked = new CountDownLatch(10);
        CountDownLatch closed = new CountDownLatch(10);
        FakeProvider provider =
                new FakeProvider(peer -> {
                    if (!peer.request()) return;
                    asked.countDown();
                    peer.awaitClose();
                    closed.countDown();
                });
        stage.add(provider);
        Gateway gateway = stage.gateway(channel("one", provider, FROM_CLIENT));
        try (RawClient client = new RawClient(gateway.port())) {
            client.send(request("", "Authorization: Bearer " + keys(30)));
            Wait.on(asked);
        }
        Wait.on(closed);
        stage.awaitLines(1, " complete=false term=CD");
        assertEquals(10, provider.requests().size());
    }

    @Test
    @DisplayName("when the caller leaves, the rest is not asked over connections at rest either")
    void leavesConnectionsAtRest() throws Exception {
        AtomicBoolean quick = new AtomicBoolean(true);
        CountDownLatch together = new CountDownLatch(20);
        CountDownLatch asked = new CountDownLatch(10);
        FakeProvider provider =
                new FakeProvider(peer -> {
                    while (peer.request()) {
                        if (quick.get()) {
                            together.countDown();
                            Wait.on(together);
                            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                        } else {
                            asked.countDown();
                            peer.awaitClose();
                        }
                    }
                });
        stage.add(provider);
        Gateway gateway = stage.gateway(channel("one", provider, FROM_CLIENT));
        try (RawClient one = new RawClient(gateway.port());
                RawClient other = new RawClient(gateway.port())) {
            one.send(request("", "api-key: " + keys(10)));
            other.send(request("", "api-key: " + keys(10)));
            one.await("[DONE]");
            other.await("[DONE]");
        }
        assertEquals(20, provider.connections());
        quick.set(false);
        try (RawClient client = new RawClient(gateway.port())) {
            client.send(request("", "api-key: " + keys(30)));
            Wait.on(asked);
        }
        stage.awaitLines(1, " complete=false term=CD");
        assertEquals(30, provider.requests().size());
    }

    @Test
    @DisplayName("keys are looked for in Authorization first, then in x-goog-api-key, x-api-key and api-key")
    void findsTheKeys() {
        Gateway gateway = stage.gateway(channel("one", provider(), FROM_CLIENT));
        verify(gateway, "", "x-api-key: other", "x-goog-api-key: " + GOOD, "Authorization: Basic abc");
        verify(gateway, "", "api-key: " + GOOD, "Authorization: Bearer ,");
        verify(gateway, "", "x-goog-api-key: other", "Authorization: bearer " + GOOD);
        List<String> sent =
                stage.requests().stream().flatMap(one -> one.head().fields().all("Authorization").stream()).toList();
        assertEquals(List.of("Bearer " + GOOD, "Bearer " + GOOD, "Bearer " + GOOD), sent);
    }

    @Test
    @DisplayName("A-6 a key of this gateway is sent to nobody")
    void keepsItsOwnKeys() {
        Gateway gateway = stage.gateway(channel("one", provider(), FROM_CLIENT));
        Answer answer = verify(gateway, "", "Authorization: Bearer sk-mt-fake-0123456789," + GOOD);
        assertTrue(answer.body().contains("a key of this gateway"), answer::body);
        assertEquals(1, stage.requests().size());
    }

    @Test
    @DisplayName("the channel that is named, else gemini, else one that takes callers' keys, else the first")
    void choosesAChannel() {
        FakeProvider provider = provider();
        String own = channel("our own", provider, "keys: [sk-fake-own]", "headers: {x-seen-by: own}");
        String callers = channel("callers", provider, FROM_CLIENT, "headers: {x-seen-by: callers}");
        String gemini =
                channel(
                        "gemini",
                        provider,
                        "auth: x-goog-api-key",
                        "keys: [sk-fake-g]",
                        "headers: {x-seen-by: gemini}");
        verify(stage.gateway(own), "", "Authorization: Bearer " + GOOD);
        verify(stage.gateway(own, callers), "", "Authorization: Bearer " + GOOD);
        Gateway all = stage.gateway(own, callers, gemini);
        verify(all, "", "Authorization: Bearer " + GOOD);
        verify(all, "?channel=our%20own", "Authorization: Bearer " + GOOD);
        verify(all, "?channel=our+own", "Authorization: Bearer " + GOOD);
        List<String> seen =
                stage.requests().stream().map(one -> one.head().fields().first("x-seen-by").orElse("")).toList();
        assertEquals(List.of("own", "callers", "gemini", "own", "own"), seen);
        assertEquals(GOOD, stage.requests().get(2).head().fields().first("x-goog-api-key").orElse(""));
        assertFalse(stage.requests().toString().contains("sk-fake-own"), "keys of ours are not for this");
    }

    @Test
    @DisplayName("seed 002's variables are enough")
    void worksWithSeedVariables() {
        FakeProvider provider = provider();
        Map<String, String> variables = Map.of("GEMINI_BASE_URL", "http://127.0.0.1:" + provider.port());
        Answer answer = verify(stage.gateway("", variables), "", "Authorization: Bearer " + GOOD);
        assertTrue(answer.body().contains("\"status\":\"GOOD\""), answer::body);
        assertEquals("/v1beta/models?pageSize=1000", stage.requests().getFirst().head().target());
    }

    @Test
    void saysWhatIsMissing() {
        Gateway gateway = stage.gateway(channel("one", provider(), FROM_CLIENT));
        assertRefused(400, "keys_required", verify(gateway, ""));
        assertRefused(400, "keys_required", verify(gateway, "", "Authorization: Bearer ,, ,"));
        assertRefused(400, "too_many_keys", verify(gateway, "", "Authorization: Bearer " + keys(51)));
        assertRefused(400, "channel_not_found", verify(gateway, "?channel=two", "Authorization: Bearer " + GOOD));
        assertRefused(400, "channel_not_found", verify(gateway, "?channel=%zz", "Authorization: Bearer " + GOOD));
        Answer get = RawClient.ask(gateway.port(), "GET /verify HTTP/1.1\r\nHost: localhost\r\n\r\n");
        assertRefused(405, "method_not_allowed", get);
        assertEquals("POST, OPTIONS", get.fields().first("Allow").orElse(""));
        assertEquals(0, stage.requests().size());
        Answer nothing = verify(stage.gateway("", Map.of()), "", "Authorization: Bearer " + GOOD);
        assertRefused(501, "not_offered", nothing);
        assertTrue(nothing.body().contains("martlet.yaml"), nothing::body);
    }

    @Test
    @DisplayName("an address may ask six times a minute")
    void isLimitedByAddress() {
        Gateway gateway = stage.gateway(channel("one", provider(), FROM_CLIENT));
        for (int i = 0; i < 6; i++) assertEquals(200, verify(gateway, "", "api-key: " + GOOD).status());
        Answer seventh = verify(gateway, "", "api-key: " + GOOD);
        assertRefused(429, "too_many_requests", seventh);
        assertTrue(seventh.body().contains("6 in 60 s"), seventh::body);
        long wait = Long.parseLong(seventh.fields().first("Retry-After").orElse("0"));
        assertTrue(wait >= 1 && wait <= 60, seventh::head);
        assertEquals(6, stage.requests().size());
        assertTrue(ChannelStage.page(gateway, "/health").contains("\"status\":\"ok\""), "other pages are free of it");
    }

    @Test
    @DisplayName("no more than eight are worked on at once")
    void isLimitedInAll() throws Exception {
        CountDownLatch asked = new CountDownLatch(8);
        CountDownLatch over = new CountDownLatch(1);
        FakeProvider provider =
                stage.provider(_ -> {
                    asked.countDown();
                    Wait.on(over);
                    return json(200, "{}");
                });
        String server = "server: {host: 127.0.0.1, port: 0, trusted-proxies: [127.0.0.1/32]}\n";
        Gateway gateway = stage.gateway(server, Map.of(), channel("one", provider, FROM_CLIENT));
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            RawClient client = new RawClient(gateway.port());
            stage.add(client);
            clients.add(client);
            client.send(request("", "api-key: " + GOOD, "X-Forwarded-For: 192.0.2." + i));
        }
        Wait.on(asked);
        Answer ninth = verify(gateway, "", "api-key: " + GOOD, "X-Forwarded-For: 192.0.2.9");
        assertRefused(503, "overloaded", ninth);
        over.countDown();
        for (RawClient client : clients) assertTrue(client.read().body().contains("[DONE]"));
        AtomicInteger address = new AtomicInteger(10); // a place is free soon after its answer has been read
        Wait.until(() -> {
            String from = "X-Forwarded-For: 192.0.2." + address.incrementAndGet();
            return verify(gateway, "", "api-key: " + GOOD, from).status() == 200;
        });
    }

    @Test
    @DisplayName("a body is no part of it: the answer comes without it, and the connection is closed")
    void ignoresABody() throws IOException {
        Gateway gateway = stage.gateway(channel("one", provider(), FROM_CLIENT));
        try (RawClient client = new RawClient(gateway.port())) {
            client.send(request("", "api-key: " + GOOD, "Content-Length: 1000000"));
            client.send("{\"half\":");
            Answer answer = client.read();
            assertTrue(answer.body().contains("\"status\":\"GOOD\""), answer::body);
            assertEquals("close", answer.fields().first("Connection").orElse(""));
        }
        Answer old = RawClient.ask(gateway.port(), request("", "api-key: " + GOOD).replace("HTTP/1.1", "HTTP/1.0"));
        assertFalse(old.says("Transfer-Encoding"), old.head());
        assertTrue(old.body().endsWith("data: [DONE]\n\n"), old::body);
    }

    private FakeProvider provider() {
        FakeProvider provider =
                new FakeProvider(peer -> {
                    for (var request = peer.next(); request.isPresent(); request = peer.next()) {
                        stage.requests().add(request.get());
                        String key = request.get().head().fields().first("Authorization").orElse("");
                        if (key.endsWith("silent")) peer.awaitClose();
                        if (key.endsWith("silent") || key.endsWith("reset")) return;
                        peer.send(json(status(key), "{\"error\":{\"message\":\"secret-word\"}}"));
                    }
                });
        stage.add(provider);
        return provider;
    }

    private static int status(String key) {
        if (key.contains("status-")) return Integer.parseInt(key.substring(key.lastIndexOf('-') + 1));
        return key.contains("bad") ? 401 : key.contains("down") ? 503 : 200;
    }

    private static String keys(int count) {
        return IntStream.range(0, count).mapToObj(i -> "sk-fake-" + i).collect(Collectors.joining(","));
    }

    private static Answer verify(Gateway gateway, String query, String... fields) {
        return RawClient.ask(gateway.port(), request(query, fields));
    }

    private static String request(String query, String... fields) {
        StringBuilder head = new StringBuilder("POST /verify" + query + " HTTP/1.1\r\nHost: localhost\r\n");
        for (String field : fields) head.append(field).append("\r\n");
        return head.append("\r\n").toString();
    }

    /// The events but the last.
    private static List<JsonNode> events(Answer answer) throws IOException {
        List<JsonNode> events = new ArrayList<>();
        for (String event : answer.body().split("\n\n", -1)) {
            if (event.startsWith("data: {"))
                events.add(new ObjectMapper().readTree(event.substring("data: ".length())));
        }
        return events;
    }

    private static void assertRefused(int status, String code, Answer answer) {
        assertEquals(status, answer.status(), answer::body);
        assertTrue(answer.body().contains("\"code\":\"" + code + "\""), answer::body);
    }
}
