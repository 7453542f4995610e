package dev.martlet.app;

import static dev.martlet.app.ChannelStage.ask;
import static dev.martlet.app.ChannelStage.channel;
import static dev.martlet.app.ChannelStage.chat;
import static dev.martlet.app.ChannelStage.json;
import static dev.martlet.app.ChannelStage.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.martlet.Field;
import dev.martlet.config.Config;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/// What an operator sees of channels and their keys: `/health`, `/stats`, `/metrics`, `/`, the log.
@Timeout(60)
class ChannelMonitoringTest {
    private static final String DEAD = "sk-fake-dead-0123456789";
    private static final String LIVE = "sk-fake-live-0123456789";
    private static final String MASKED = "sk-fake......3456789";
    private static final String USAGE =
            """
            {"prompt_tokens":7,"completion_tokens":20,"prompt_tokens_details":{"cached_tokens":3},\
            "completion_tokens_details":{"reasoning_tokens":5}}\
            """;

    private final ChannelStage stage = new ChannelStage();

    @AfterEach
    void closes() throws Exception {
        stage.close();
    }

    @Test
    @DisplayName("a call for models has one line as any other, whether there are such or not")
    void modelsLeaveALine() {
        Gateway gateway =
                stage.gateway(ChannelStage.channel("one", 1, stage.provider(ChannelStage.GOOD), "models: [m]"));
        for (String target : List.of("GET /v1/models", "GET /v1/models/m", "GET /v1/models/other", "HEAD /v1/models")) {
            try (RawClient client = new RawClient(gateway.port())) {
                client.send(target + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
                client.read(target.startsWith("HEAD"));
            }
            List<String> lines = stage.awaitLines(1, target + " -> ");
            assertEquals(1, lines.size(), lines::toString);
            assertTrue(
                    lines.getFirst().contains(target.endsWith("other") ? " -> 404 (" : " -> 200 ("), lines::toString);
            assertTrue(lines.getFirst().contains(" surface=openai "), lines::toString);
            assertTrue(lines.getFirst().contains(" complete=true "), lines::toString);
        }
    }

    @Test
    @DisplayName("a key that its provider does not know shows everywhere, and no key in full anywhere")
    void showsADeadKey() throws IOException {
        Gateway gateway = stage.gateway(twoKeys("one", "models: [\"gpt-4o\", \"x-*\"]"));
        for (int i = 0; i < 4; i++) assertEquals(200, ask(gateway, i < 3 ? "gpt-4o" : "x-free").status());
        stage.awaitLines(4, "POST /v1/chat/completions -> 200");
        String metrics = page(gateway, "/metrics");
        String stats = page(gateway, "/stats");
        String health = page(gateway, "/health");

        assertSample(metrics, "martlet_attempts_total{target=\"one\",kind=\"channel\",signal=\"key-refused\"} 1");
        assertSample(metrics, "martlet_attempts_total{target=\"one\",kind=\"channel\",signal=\"2xx\"} 4");
        assertSample(metrics, "martlet_failovers_total{surface=\"openai\"} 1");
        assertSample(metrics, "martlet_channel_up{target=\"one\"} 1");
        assertSample(metrics, "martlet_keys{target=\"one\",state=\"available\"} 1");
        assertSample(metrics, "martlet_keys{target=\"one\",state=\"dead\"} 1");
        assertSample(metrics, "martlet_tokens_total{target=\"one\",type=\"input\"} 28");
        assertSample(metrics, "martlet_first_byte_seconds_count{surface=\"openai\"} 4");
        String of = "{gen_ai_operation_name=\"chat\",gen_ai_provider_name=\"one\",gen_ai_request_model=";
        assertSample(metrics, "gen_ai_client_token_usage_sum" + of + "\"gpt-4o\",gen_ai_token_type=\"output\"} 60");
        assertSample(metrics, "gen_ai_client_operation_duration_seconds_count" + of + "\"other\"} 1");

        JsonNode balancer = new ObjectMapper().readTree(stats).path("loadBalancer");
        assertEquals(2, balancer.path("totalKeys").asInt());
        assertEquals(1, balancer.path("availableKeys").asInt());
        assertEquals(0, balancer.path("circuitBrokenKeys").asInt());
        assertEquals(1, balancer.path("invalidKeys").asInt());
        assertEquals(4, balancer.path("totalRequests").asInt());
        assertEquals(4, balancer.path("totalSuccesses").asInt());
        assertEquals("round_robin", balancer.path("strategy").asText());
        JsonNode breakers = new ObjectMapper().readTree(stats).path("circuitBreaker");
        JsonNode dead = entry(breakers, "invalid");
        assertEquals("open", dead.path("state").asText());
        assertEquals("one", dead.path("channel").asText());
        assertEquals(1, dead.at("/stats/failureCount").asInt());
        assertTrue(recent(dead.path("stateChangeTime")) && recent(dead.at("/stats/lastFailureTime")), stats);
        assertTrue(dead.path("nextAttemptTime").isMissingNode(), "for good");
        JsonNode live = entry(breakers, "available");
        assertEquals("closed", live.path("state").asText());
        assertEquals(4, live.at("/stats/successCount").asInt());
        assertTrue(recent(live.at("/stats/lastRequestTime")) && recent(live.at("/stats/lastSuccessTime")), stats);
        assertTrue(breakers.has(MASKED), "by the masked key: " + stats);
        assertEquals(10, new ObjectMapper().readTree(stats).at("/keyValidator/maxConcurrentValidations").asInt());
        assertEquals(15000, new ObjectMapper().readTree(stats).at("/keyValidator/validationTimeout").asInt());

        assertTrue(health.contains("\"status\":\"ok\""), health);
        assertTrue(health.contains("\"channels\":{\"up\":1,\"total\":1}"), health);
        assertTrue(
                health.contains(
                        "\"loadBalancer\":{\"totalKeys\":2,\"availableKeys\":1,\"circuitBrokenKeys\":0,\"strategy\":"
                                + "\"round_robin\"}"),
                health);
        assertTrue(health.contains("\"environment\":\"production\""), health);
        for (String memory : List.of("rss", "heapTotal", "heapUsed", "external", "arrayBuffers")) {
            assertTrue(new ObjectMapper().readTree(health).at("/memory/" + memory).isIntegralNumber(), health);
        }
        for (String text : List.of(metrics, stats, health, String.join("\n", stage.lines()))) {
            assertFalse(text.contains(DEAD) || text.contains(LIVE), text);
        }
        String line = stage.awaitLines(1, "key-401").getFirst();
        assertTrue(line.contains(" surface=openai model=gpt-4o trail=[one/key-1:key-401("), line);
        assertTrue(line.contains(",one/key-2:200("), line);
        assertTrue(line.contains(" tokens=7+20 cached=3 reasoning=5 complete=true"), line);
    }

    @Test
    @DisplayName("health is degraded while a channel has no key that can be used, and says nothing of readiness")
    void aChannelWithoutAKeyIsAFault() {
        FakeProvider provider = stage.provider(_ -> json(401, "{\"error\":{\"message\":\"no\"}}"));
        Gateway gateway =
                stage.gateway(
                        channel("bad", provider, "keys: [" + DEAD + "]"),
                        channel("good", stage.provider(_ -> chat("")), "keys: [" + LIVE + "]", "priority: 1"));
        assertTrue(page(gateway, "/health").contains("\"status\":\"ok\""));
        assertEquals(200, ask(gateway, "gpt-4o").status());
        String health = page(gateway, "/health");
        assertTrue(health.contains("\"status\":\"degraded\""), health);
        assertTrue(health.contains("\"channels\":{\"up\":1,\"total\":2}"), health);
        assertTrue(page(gateway, "/health/ready").contains("\"status\":\"ok\""));
        assertTrue(page(gateway, "/").contains("\"status\":\"degraded\""));
        assertSample(page(gateway, "/metrics"), "martlet_channel_up{target=\"bad\"} 0");
    }

    @Test
    @DisplayName("U-37 a key whose money is gone is parked until it may be used again, and everybody can see that")
    void showsAKeyWhoseMoneyIsGone() throws IOException {
        String gone =
                "{\"error\":{\"message\":\"no"
                        + " money\",\"type\":\"insufficient_quota\",\"code\":\"insufficient_quota\"}}";
        FakeProvider provider = stage.provider(request -> uses(request, DEAD) ? json(429, gone) : chat(USAGE));
        Gateway gateway = stage.gateway(channel("one", provider, "keys: [" + DEAD + ", " + LIVE + "]"));
        for (int i = 0; i < 6; i++) assertEquals(200, ask(gateway, "gpt-4o").status());
        stage.awaitLines(6, "POST /v1/chat/completions -> 200");
        assertEquals(1, stage.requests().stream().filter(request -> uses(request, DEAD)).count());
        JsonNode stats = new ObjectMapper().readTree(page(gateway, "/stats"));
        JsonNode resting = entry(stats.path("circuitBreaker"), "resting");
        assertEquals("open", resting.path("state").asText());
        assertEquals(1, stats.at("/loadBalancer/restingKeys").asInt());
        assertEquals(1, stats.at("/channels/one/keys/resting").asInt());
        assertTrue(Instant.parse(resting.path("nextAttemptTime").asText()).isAfter(Instant.now()), stats::toString);
        String metrics = page(gateway, "/metrics");
        assertSample(metrics, "martlet_keys{target=\"one\",state=\"resting\"} 1");
        assertSample(metrics, "martlet_attempts_total{target=\"one\",kind=\"channel\",signal=\"quota\"} 1");
    }

    @ParameterizedTest
    @DisplayName(
            "S-9 tokens are counted as the provider says: zero is zero; where there is no count, it is an estimate")
    @CsvSource(
            delimiter = '|',
            value = {
                "                                                    | 16+29 estimated=true",
                "{\"prompt_tokens\":0,\"completion_tokens\":0}       | 0+0",
                "{\"prompt_tokens\":7,\"completion_tokens\":\"2\"}   | 7+0",
                "{\"prompt_tokens\":-7,\"completion_tokens\":2}      | 0+2",
                "{\"prompt_tokens\":7,\"completion_tokens\":9999999999999999999} | 7+0",
                "\"many\"                                            | 16+33 estimated=true",
                "null                                                | 16+32 estimated=true",
            })
    void countsTokens(String usage, String tokens) {
        FakeProvider provider = stage.provider(_ -> chat(Optional.ofNullable(usage).orElse("")));
        Gateway gateway = stage.gateway(channel("one", provider, "keys: [" + LIVE + "]"));
        assertEquals(200, ask(gateway, "gpt-4o").status());
        String line = stage.awaitLines(1, "POST /v1/chat").getFirst();
        assertTrue(line.contains(" tokens=" + tokens + " complete="), line);
    }

    @Test
    @DisplayName("S-9 of a stream that ends before its count each event is a token, and what is long is more")
    void estimatesStreams() throws IOException {
        String head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n";
        FakeProvider provider =
                new FakeProvider(peer -> {
                    peer.request();
                    peer.send(head + word("a") + word("b") + word("c".repeat(41)));
                });
        stage.add(provider);
        Gateway gateway = stage.gateway(channel("one", provider, "keys: [" + LIVE + "]"));
        String body = "{\"model\":\"gpt-4o\",\"stream\":true,\"messages\":[]}";
        String asked = "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + body.length();
        RawClient.ask(gateway.port(), asked + "\r\n\r\n" + body);
        String line = stage.awaitLines(1, "POST /v1/chat").getFirst();
        assertTrue(line.contains(" tokens=12+13 estimated=true complete=false term=SD"), line);
        assertFalse(
                page(gateway, "/metrics").contains("martlet_tokens_total{"), "only what a provider says is counted");
    }

    private static String word(String text) {
        return "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + text + "\"}}]}\n\n";
    }

    @Test
    @DisplayName("X-11 a key that was changed in the configuration is used from the reload on, and the old one is gone")
    void followsAChangedKey(@TempDir Path folder) throws Exception {
        FakeProvider provider = stage.provider(_ -> chat(USAGE));
        Path key = Files.writeString(folder.resolve("key"), "sk-old-fake-0123456789");
        Path yaml = folder.resolve("martlet.yaml");
        Files.writeString(
                yaml,
                "server: {host: 127.0.0.1, port: 0}\nchannels:\n"
                        + channel("one", provider, "keys: [\"file:" + key + "\"]"));
        Gateway gateway = new Gateway(() -> Config.load(Optional.of(yaml), Map.of(), Optional.empty()), stage.log());
        stage.add(gateway);
        gateway.start();
        assertEquals(200, ask(gateway, "gpt-4o").status());
        Files.writeString(key, "sk-new-fake-9876543210");
        gateway.reload();
        assertEquals(200, ask(gateway, "gpt-4o").status());
        assertTrue(uses(stage.requests().getFirst(), "sk-old-fake-0123456789"));
        assertTrue(uses(stage.requests().getLast(), "sk-new-fake-9876543210"));
        JsonNode breakers = new ObjectMapper().readTree(page(gateway, "/stats")).path("circuitBreaker");
        assertEquals(1, breakers.size());
        assertEquals(1, breakers.at("/sk-new-......6543210/stats/requestCount").asInt(), breakers::toString);
    }

    @Test
    @DisplayName(
            "A-6, A-7 the channel gets its own key once, and of the caller's headers only those on the list, each time")
    void sendsNothingElse() {
        Gateway gateway = stage.gateway(twoKeys("one"));
        String[] forty = new String[30];
        for (int i = 0; i < forty.length; i++) forty[i] = "X-Anything-" + i + ": sk-mt-fake-secret";
        String[] telling = {
            "Authorization: Bearer sk-mt-fake-secret",
            "Cookie: sk-mt-fake-secret",
            "Proxy-Authorization: Basic sk-mt-fake-secret",
            "X-Forwarded-Proto: sk-mt-fake-secret",
            "X-HI-ORIGINAL-AUTH: sk-mt-fake-secret",
            "x-martlet-key: sk-mt-fake-secret",
            "Idempotency-Key: sk-mt-fake-secret",
            "OpenAI-Organization: org-fake",
            "User-Agent: it",
        };
        String[] fields = new String[forty.length + telling.length];
        System.arraycopy(forty, 0, fields, 0, forty.length);
        System.arraycopy(telling, 0, fields, forty.length, telling.length);
        assertEquals(200, ask(gateway, "gpt-4o", fields).status());
        assertEquals(2, stage.requests().size());
        for (FakeProvider.Request request : stage.requests()) {
            assertFalse(request.toString().contains("sk-mt-"), request::toString);
            TreeSet<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
            for (Field field : request.head().fields()) assertTrue(names.add(field.name()), "twice: " + field.name());
            assertEquals(
                    List.of(
                            "Accept-Encoding",
                            "Authorization",
                            "Content-Length",
                            "Content-Type",
                            "Host",
                            "User-Agent",
                            "x-request-id"),
                    List.copyOf(names));
        }
        assertTrue(uses(stage.requests().getFirst(), DEAD) && uses(stage.requests().getLast(), LIVE));
    }

    @Test
    @DisplayName("seed 004: / says how it is and what is there")
    void theWelcomeNamesWhatIsThere() throws IOException {
        JsonNode with = new ObjectMapper().readTree(page(stage.gateway(twoKeys("one")), "/"));
        assertEquals("ok", with.path("status").asText());
        assertEquals("/v1/chat/completions", with.at("/endpoints/chat").asText());
        assertEquals("/v1/models", with.at("/endpoints/models").asText());
        assertEquals("/verify", with.at("/endpoints/verify").asText());
        assertEquals("/stats", with.at("/endpoints/stats").asText());
        assertEquals("/gateway/{service}/{path}", with.at("/endpoints/services").asText());
        JsonNode without = new ObjectMapper().readTree(page(stage.gateway(), "/"));
        assertTrue(without.at("/endpoints/models").isMissingNode(), without::toString);
        String apart = "server: {host: 127.0.0.1, port: 0, admin-listen: \"127.0.0.1:0\"}\n";
        Gateway two = stage.gateway(apart, Map.of(), twoKeys("one"));
        JsonNode forCallers = new ObjectMapper().readTree(page(two, "/"));
        assertTrue(forCallers.at("/endpoints/stats").isMissingNode(), forCallers::toString);
        String get = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
        String forOperator = RawClient.ask(two.operatorsPort().orElseThrow(), get).body();
        assertTrue(forOperator.contains("/stats") && !forOperator.contains("/verify"), forOperator);
    }

    /// A channel whose first key is refused, and whose second is good.
    private String twoKeys(String name, String... lines) {
        FakeProvider provider =
                stage.provider(request -> uses(request, DEAD) ? json(401, "{\"error\":{}}") : chat(USAGE));
        return channel(name, provider, "keys: [" + DEAD + ", " + LIVE + "]", String.join("\n    ", lines));
    }

    private static boolean uses(FakeProvider.Request request, String key) {
        return request.head().fields().all("Authorization").equals(List.of("Bearer " + key));
    }

    private static JsonNode entry(JsonNode breakers, String keyState) {
        for (JsonNode entry : breakers) {
            if (entry.path("keyState").asText().equals(keyState)) return entry;
        }
        throw new AssertionError("no key is " + keyState + ": " + breakers);
    }

    private static boolean recent(JsonNode time) {
        Duration ago = Duration.between(Instant.parse(time.asText()), Instant.now());
        return !ago.isNegative() && ago.toSeconds() < 50;
    }

    private static void assertSample(String metrics, String line) {
        assertTrue(metrics.lines().anyMatch(line::equals), line + " is missing in\n" + metrics);
    }
}
