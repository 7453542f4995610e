package dev.martlet.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.martlet.Lanes;
import dev.martlet.NamedService;
import dev.martlet.app.RawClient.Answer;
import dev.martlet.config.Config;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/// What seed 001 prints, run: every curl against a recorder in the place of the service, byte for byte as curl sends it.
class SeedServicesTest {
    private static final String GREETING =
            """
            {
                "model": "gpt-3.5-turbo",
                "messages": [
                  {"role": "system", "content": "You are a helpful assistant."},
                  {"role": "user", "content": "Hello!"}
                ]
              }\
            """;

    private static final String STORY =
            """
            {
                "model": "gpt-3.5-turbo",
                "messages": [{"role": "user", "content": "Write a story"}],
                "stream": true
              }\
            """;

    private static final String CLAUDE =
            """
            {
                "model": "claude-3-opus-20240229",
                "messages": [{"role": "user", "content": "Hello Claude!"}],
                "max_tokens": 1024
              }\
            """;

    private static final String QUANTUM =
            """
            {
                "contents": [{
                  "parts": [{"text": "Explain quantum computing"}]
                }]
              }\
            """;

    private static final String EVENTS = "data: {\"n\":1}\n\ndata: {\"n\":2}\n\ndata: [DONE]\n\n";

    @TempDir Path folder = Path.of("");

    private final ChannelStage stage = new ChannelStage();

    @AfterEach
    void close() {
        stage.close();
    }

    @Test
    @DisplayName("OpenAI Chat Completion（非流式）")
    void chat() {
        String answer = "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\"}";
        Gateway gateway = gateway("openai", ChannelStage.json(200, answer, "openai-version: 2020-10-01"));
        Answer got =
                post(gateway, "/gateway/openai/v1/chat/completions", GREETING, "Authorization: Bearer sk-fake-0000001");
        assertEquals(200, got.status(), got::body);
        assertEquals(answer, got.body());
        assertTrue(got.says("X-Processing-Mode: edge\r\n"), got.head());
        assertTrue(got.head().matches("(?is).*\r\nX-Processing-Time: \\d+\r\n.*"), got.head());
        assertTrue(got.says("openai-version: 2020-10-01"));
        FakeProvider.Request asked = stage.requests().getFirst();
        assertEquals("POST", asked.head().method());
        assertEquals("/v1/chat/completions", asked.head().target());
        assertEquals(GREETING, asked.body());
        assertEquals(List.of("Bearer sk-fake-0000001"), asked.head().fields().all("Authorization"));
        assertEquals(List.of("application/json"), asked.head().fields().all("Content-Type"));
        assertEquals(List.of("curl/8.0"), asked.head().fields().all("User-Agent"));
        String id = got.fields().first("x-request-id").orElse("");
        assertEquals(List.of(id), asked.head().fields().all("x-request-id"));
        String line = stage.awaitLines(1, " surface=services ").getFirst();
        assertTrue(line.contains(" lane=edge reason=\"Default to Edge\" trail=[openai:200("), line);
    }

    @Test
    @DisplayName("OpenAI Chat Completion（流式）")
    void stream() {
        String head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: " + EVENTS.length();
        Gateway gateway = gateway("openai", head + "\r\n\r\n" + EVENTS);
        Answer got =
                post(
                        gateway,
                        "/gateway/openai/v1/chat/completions",
                        STORY,
                        "Authorization: Bearer sk-fake-0000001",
                        "Accept: text/event-stream");
        assertEquals(200, got.status(), got::body);
        assertEquals(EVENTS, got.body());
        assertTrue(got.says("X-Accel-Buffering: no"), got.head());
        assertEquals(STORY, stage.requests().getFirst().body());
        String line = stage.awaitLines(1, " surface=services ").getFirst();
        assertTrue(line.contains(" lane=edge reason=\"Streaming request\""), line);
    }

    @Test
    @DisplayName("Claude Messages API")
    void messages() {
        Gateway gateway = gateway("claude", ChannelStage.json(200, "{\"type\":\"message\"}"));
        Answer got =
                post(
                        gateway,
                        "/gateway/claude/v1/messages",
                        CLAUDE,
                        "x-api-key: sk-ant-fake-1",
                        "anthropic-version: 2023-06-01");
        assertEquals(200, got.status(), got::body);
        FakeProvider.Request asked = stage.requests().getFirst();
        assertEquals("/v1/messages", asked.head().target());
        assertEquals(CLAUDE, asked.body());
        assertEquals(List.of("sk-ant-fake-1"), asked.head().fields().all("x-api-key"));
        assertEquals(List.of("2023-06-01"), asked.head().fields().all("anthropic-version"));
    }

    @Test
    @DisplayName("Google Gemini: the colon stays a colon")
    void generateContent() {
        Gateway gateway = gateway("gemini", ChannelStage.json(200, "{\"candidates\":[]}"));
        String path = "/gateway/gemini/v1beta/models/gemini-pro:generateContent";
        Answer got = post(gateway, path, QUANTUM, "x-goog-api-key: AIzaFake000001");
        assertEquals(200, got.status(), got::body);
        FakeProvider.Request asked = stage.requests().getFirst();
        assertEquals("/v1beta/models/gemini-pro:generateContent", asked.head().target());
        assertEquals(QUANTUM, asked.body());
        assertEquals(List.of("AIzaFake000001"), asked.head().fields().all("x-goog-api-key"));
    }

    @Test
    @DisplayName("健康检查")
    void health() throws IOException {
        Answer got = RawClient.ask(gateway("openai", FakeProvider.OK).port(), curl("GET", "/gateway/health"));
        assertEquals(200, got.status());
        JsonNode body = new ObjectMapper().readTree(got.body());
        assertEquals("ok", body.get("status").asText());
        assertTrue(body.get("timestamp").asText().matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z"));
        assertTrue(Instant.parse(body.get("timestamp").asText()).isAfter(Instant.EPOCH));
        assertEquals("api-gateway", body.get("service").asText());
        assertEquals("edge", body.get("mode").asText());
        assertFalse(body.get("version").asText().isEmpty());
        assertEquals("production", body.get("env").asText());
        assertEquals(6, body.size());
    }

    @Test
    @DisplayName("a call that names nothing behind the service, or no service, is told how to")
    void incompletePaths() throws IOException {
        Gateway gateway = gateway("openai", FakeProvider.OK);
        for (String path : List.of("/gateway", "/gateway/", "/gateway/openai", "/gateway/openai/")) {
            Answer got = RawClient.ask(gateway.port(), curl("GET", path));
            assertEquals(400, got.status(), path);
            JsonNode body = new ObjectMapper().readTree(got.body());
            String message = "Invalid path format. Expected: /gateway/{service}/{path}";
            assertEquals(message, body.get("error").get("message").asText());
            assertEquals("/gateway/openai/v1/chat/completions", body.get("example").asText());
            assertEquals(29, body.get("availableServices").size());
            assertEquals(400, body.get("status").asInt());
            assertEquals(got.fields().first("x-request-id").orElse(""), body.get("error").get("request_id").asText());
            assertTrue(got.says("X-Processing-Mode: edge\r\n") && got.says("X-Processing-Time: "), got.head());
        }
    }

    @Test
    @DisplayName("a service that nobody has is 404, with those that there are")
    void unknownService() throws IOException {
        Answer got = RawClient.ask(gateway("openai", FakeProvider.OK).port(), curl("GET", "/gateway/nobody/v1/models"));
        assertEquals(404, got.status());
        JsonNode body = new ObjectMapper().readTree(got.body());
        assertEquals("Service 'nobody' not found", body.get("error").get("message").asText());
        assertTrue(body.get("availableServices").toString().startsWith("[\"azure\",\"cerebras\""));
    }

    @Test
    @DisplayName("环境变量配置: the block as it is printed, comments and all, is an environment file")
    void environmentFile() throws Exception {
        String block =
                """
                # 基础配置
                ALLOWED_ORIGIN=*                    # CORS 允许的源
                DEFAULT_TIMEOUT=20000               # Edge 默认超时（毫秒）
                BACKGROUND_TIMEOUT=240000           # Background 超时（毫秒）
                MAX_RESPONSE_SIZE=6291456          # 最大响应大小（字节）
                ENABLE_RETRY=true                   # 启用重试
                ENABLE_FALLBACK=true                # 启用降级
                LOG_LEVEL=INFO                      # 日志级别

                # 自定义代理配置（可选）
                PROXY_CONFIG='{"custom":{"host":"api.custom.com"}}'
                """;
        Path env = Files.writeString(folder.resolve(".env"), block);
        Path yaml = Files.writeString(folder.resolve("m.yaml"), "server: {host: 127.0.0.1, port: 0}\n");
        Config config = Config.load(Optional.of(yaml), Map.of(), Optional.of(env));
        assertEquals(Lanes.STANDARD, config.catalog().services().lanes());
        NamedService custom = config.catalog().services().named("custom").orElseThrow();
        assertEquals("https://api.custom.com", custom.service().target().origin());
        assertTrue(config.catalog().services().forAll());
        assertFalse(config.notes().stream().anyMatch(note -> note.contains("ignored")), config.notes().toString());
        try (Gateway gateway = new Gateway(config, OutputStream.nullOutputStream())) {
            gateway.start();
            Answer health = RawClient.ask(gateway.port(), curl("GET", "/gateway/health"));
            assertEquals(200, health.status());
            assertTrue(health.says("Access-Control-Allow-Origin: *\r\n"), health.head());
            Answer names = RawClient.ask(gateway.port(), curl("GET", "/gateway/nobody/x"));
            assertTrue(names.body().contains("\"custom\""), names.body());
        }
    }

    @Test
    @DisplayName("添加自定义服务: every field of the example counts")
    void customService() {
        AtomicInteger asked = new AtomicInteger();
        FakeProvider recorder =
                stage.provider(_ ->
                        asked.incrementAndGet() < 4
                                ? ChannelStage.json(503, "{}")
                                : ChannelStage.json(200, "{\"ok\":true}"));
        String example =
                """
                {
                  "myservice": {
                    "host": "http://127.0.0.1:%d",
                    "basePath": "v1",
                    "timeout": 30000,
                    "maxRetries": 3,
                    "retryableMethods": ["GET", "POST"],
                    "defaultHeaders": {
                      "X-Custom-Header": "value"
                    },
                    "supportsStreaming": true,
                    "allowFallback": true
                  }
                }
                """
                        .formatted(recorder.port());
        Gateway gateway = stage.gateway("", Map.of("PROXY_CONFIG", example));
        Answer got = post(gateway, "/gateway/myservice/things", "{}");
        assertEquals(200, got.status(), got::body);
        assertEquals(4, stage.requests().size());
        for (FakeProvider.Request request : stage.requests()) {
            assertEquals("/v1/things", request.head().target());
            assertEquals(List.of("value"), request.head().fields().all("X-Custom-Header"));
        }
    }

    @Test
    @DisplayName("ENABLE_RETRY=false, DEFAULT_TIMEOUT and MAX_RESPONSE_SIZE do what they say")
    void variables() {
        FakeProvider recorder =
                stage.provider(request ->
                        request.head().target().equals("/large")
                                ? ChannelStage.json(200, "{\"text\":\"0123456789\"}")
                                : ChannelStage.json(503, "{}"));
        FakeProvider silent =
                new FakeProvider(peer -> {
                    if (peer.request()) peer.awaitClose();
                });
        stage.add(silent);
        String services =
                "{\"one\":{\"host\":\"http://127.0.0.1:"
                        + recorder.port()
                        + "\"},\"two\":{\"host\":\"http://127.0.0.1:"
                        + silent.port()
                        + "\"}}";
        Map<String, String> environment =
                Map.of(
                        "PROXY_CONFIG", services,
                        "ENABLE_RETRY", "FALSE",
                        "DEFAULT_TIMEOUT", "300",
                        "MAX_RESPONSE_SIZE", "20");
        Gateway gateway = stage.gateway("", environment);
        assertEquals(503, RawClient.ask(gateway.port(), curl("GET", "/gateway/one/x")).status());
        assertEquals(1, stage.requests().size());
        assertEquals(413, RawClient.ask(gateway.port(), curl("GET", "/gateway/one/large")).status());
        assertEquals(504, RawClient.ask(gateway.port(), curl("GET", "/gateway/two/x")).status());
    }

    /// A gateway whose service is a recorder that answers so.
    private Gateway gateway(String service, String answer) {
        FakeProvider recorder = stage.provider(_ -> answer);
        String yaml = "services: {" + service + ": {host: 'http://127.0.0.1:" + recorder.port() + "'}}\n";
        return stage.gateway(yaml, Map.of());
    }

    private static Answer post(Gateway gateway, String path, String body, String... fields) {
        StringBuilder head = new StringBuilder("POST " + path + " HTTP/1.1\r\nHost: localhost\r\n");
        head.append("User-Agent: curl/8.0\r\nContent-Type: application/json\r\n");
        for (String field : fields) head.append(field).append("\r\n");
        head.append("Content-Length: ").append(body.length()).append("\r\n\r\n");
        return RawClient.ask(gateway.port(), head + body);
    }

    private static String curl(String method, String path) {
        return method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nUser-Agent: curl/8.0\r\nAccept: */*\r\n\r\n";
    }
}
