package dev.martlet.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.martlet.app.FakeProvider.Request;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What seeds 002, 003 and 004 promise of models: their own commands, in which only the port is another.
@Timeout(120)
class SeedChannelsTest {
    private static final String SEED_002 =
            """
            curl -X POST http://localhost:3000/chat/completions \\
              -H "Content-Type: application/json" \\
              -H "Authorization: Bearer your-gemini-api-key" \\
              -d '{
                "model": "gpt-3.5-turbo",
                "messages": [
                  {"role": "user", "content": "Hello, world!"}
                ],
                "stream": false
              }'
            """;

    private static final String SEED_003 =
            """
            curl -X POST http://localhost:3000/v1/chat/completions \\
              -H "Content-Type: application/json" \\
              -H "Authorization: Bearer your-api-key" \\
              -d '{
                "model": "gpt-3.5-turbo",
                "messages": [
                  {"role": "user", "content": "Hello, world!"}
                ],
                "stream": false
              }'
            """;

    private static final String SEED_003_LOAD =
            """
            ab -n 1000 -c 100 -H "Authorization: Bearer test-key" \\
               -H "Content-Type: application/json" \\
               -p request.json \\
               http://localhost:3000/v1/chat/completions
            """;

    private static final String SEED_004 =
            """
            curl -X POST http://localhost:3000/v1/chat/completions \\
              -H "Content-Type: application/json" \\
              -H "Authorization: Bearer sk-your-generated-key" \\
              -d '{
                "model": "meta/llama-3.1-405b-instruct",
                "messages": [{"role": "user", "content": "Hello"}],
                "stream": false
              }'
            """;

    private static final String STREAM =
            """
            data: {"model":"up","choices":[{"index":0,"delta":{"content":"Hi"}}]}

            data: {"model":"up","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

            data: [DONE]

            """;

    private final ChannelStage stage = new ChannelStage();

    @TempDir Path folder = Path.of("");

    @AfterEach
    void closes() throws Exception {
        stage.close();
    }

    @Test
    void seed002ChatsOnGeminiWithTheCallersKey() throws IOException, InterruptedException {
        int port = seed002(Map.of());
        JsonNode answer = json(run(SEED_002, port));
        assertEquals("gpt-3.5-turbo", answer.path("model").asText());
        assertEquals("chat.completion", answer.path("object").asText());
        assertEquals("Hi", answer.at("/choices/0/message/content").asText());
        assertEquals("stop", answer.at("/choices/0/finish_reason").asText());
        assertEquals(3, answer.at("/usage/total_tokens").asInt());
        FakeProvider.Request asked = stage.requests().getFirst();
        assertEquals("/v1beta/models/gemini-2.5-flash:generateContent", asked.head().target());
        assertEquals("Hello, world!", json(asked.body()).at("/contents/0/parts/0/text").asText());
        assertEquals(List.of("your-gemini-api-key"), googleKeys());
        String streamed = run(streamed(SEED_002), port);
        assertTrue(streamed.contains("\"content\":\"Hi\""), streamed);
        assertTrue(streamed.endsWith("data: [DONE]\n\n"), streamed);
    }

    @Test
    void seed002ChatsWithTheKeysOfItsContainer() throws IOException, InterruptedException {
        int port = seed002(Map.of("GEMINI_API_KEYS", "your-api-key-1,your-api-key-2"));
        for (int i = 0; i < 2; i++) {
            assertEquals("Hi", json(run(SEED_002, port)).at("/choices/0/message/content").asText());
        }
        assertEquals(List.of("your-api-key-1", "your-api-key-2"), googleKeys().stream().sorted().toList());
    }

    @Test
    void seed002BalancesTheKeysOfOneCaller() throws IOException, InterruptedException {
        int port = seed002(Map.of());
        String line = SEED_002.replace("your-gemini-api-key", "key1,key2,key3");
        for (int i = 0; i < 3; i++) assertEquals("Hi", json(run(line, port)).at("/choices/0/message/content").asText());
        assertEquals(List.of("key1", "key2", "key3"), googleKeys().stream().sorted().toList());
    }

    @Test
    void seed002VerifiesKeysAndTellsHowItIs() throws IOException, InterruptedException {
        int port = seed002(Map.of());
        String verified =
                run(
                        """
                        curl -X POST http://localhost:3000/verify \\
                          -H "Content-Type: application/json" \\
                          -H "Authorization: Bearer key1,key2,key3"
                        """,
                        port);
        assertEquals(3, verified.split("\"status\":\"GOOD\"", -1).length - 1, verified);
        assertTrue(verified.endsWith("data: [DONE]\n\n"), verified);
        assertEquals("ok", json(run("curl http://localhost:3000/health", port)).path("status").asText());
        assertTrue(json(run("curl http://localhost:3000/stats", port)).path("loadBalancer").has("totalRequests"));
    }

    /// With the variables of its table, whose port is the only other one.
    private int seed002(Map<String, String> more) {
        Map<String, String> variables = new HashMap<>(more);
        variables.putAll(
                Map.of(
                        "NODE_ENV", "development",
                        "LOG_LEVEL", "info",
                        "LOAD_BALANCE_STRATEGY", "round_robin",
                        "CIRCUIT_BREAKER_FAILURE_THRESHOLD", "3",
                        "CIRCUIT_BREAKER_RESET_TIMEOUT", "60000",
                        "GEMINI_BASE_URL", "http://127.0.0.1:" + stage.provider(SeedChannelsTest::gemini).port(),
                        "CORS_ORIGIN", "*"));
        return stage.gateway("", variables).port();
    }

    private static String gemini(FakeProvider.Request request) {
        if (request.head().method().equals("GET")) return ChannelStage.json(200, "{\"models\":[]}");
        String answer =
                "{\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":[{\"text\":\"Hi\"}]},\"finishReason\":\"STOP\"}],"
                    + "\"usageMetadata\":{\"promptTokenCount\":2,\"candidatesTokenCount\":1,\"totalTokenCount\":3}}";
        boolean stream = request.head().target().endsWith(":streamGenerateContent?alt=sse");
        return stream ? ChannelStage.events("data: " + answer + "\r\n\r\n") : ChannelStage.json(200, answer);
    }

    private List<String> googleKeys() {
        return stage.requests().stream().flatMap(one -> one.head().fields().all("x-goog-api-key").stream()).toList();
    }

    @Test
    void seed003PassesTheCallersKeyToTheUpstreamsAddress() throws IOException, InterruptedException {
        int port = gateway("", provider() + "/v1/chat/completions");
        assertEquals("Hi", json(run(SEED_003, port)).at("/choices/0/message/content").asText());
        FakeProvider.Request asked = stage.requests().getFirst();
        assertEquals("/v1/chat/completions", asked.head().target());
        assertTrue(json(asked.body()).path("stream").asBoolean(), asked::body);
        assertEquals(List.of("Bearer your-api-key"), credentials());
        assertEquals(STREAM.replace("\"up\"", "\"gpt-3.5-turbo\""), run(streamed(SEED_003), port));
        JsonNode health = json(run("curl http://localhost:3000/health", port));
        assertEquals("ok", health.path("status").asText());
        assertEquals(ProcessHandle.current().pid(), health.path("pid").asLong());
    }

    @Test
    void seed003ServesItsLoadWhileOneOfThreeUpstreamsIsDown() throws IOException, InterruptedException {
        String chat = "/v1/chat/completions";
        int port = gateway("", provider() + chat + "," + down() + chat + "," + provider() + chat);
        Files.writeString(
                folder.resolve("request.json"),
                "{\"model\":\"gpt-3.5-turbo\",\"messages\":[{\"role\":\"user\",\"content\":\"test\"}],\"stream\":false}");
        String told = run(SEED_003_LOAD, port);
        assertTrue(told.contains("Complete requests:      1000\n"), told);
        assertTrue(told.contains("Failed requests:        0\n"), told);
        assertFalse(told.contains("Non-2xx"), told);
        assertEquals(1000, stage.requests().size());
    }

    @Test
    void seed004ChatsOverChannelsOfOnesOwn() throws IOException, InterruptedException {
        int port = gateway(ownChannels(), "");
        JsonNode answer = json(run(SEED_004, port));
        assertEquals("meta/llama-3.1-405b-instruct", answer.path("model").asText());
        assertEquals("Hi", answer.at("/choices/0/message/content").asText());
        assertEquals(List.of("Bearer sk-fake-nvidia"), credentials());
        assertEquals(STREAM.replace("\"up\"", "\"meta/llama-3.1-405b-instruct\""), run(streamed(SEED_004), port));
    }

    @Test
    void seed004EmbedsAndListsModels() throws IOException, InterruptedException {
        int port = gateway(ownChannels(), "");
        String embed =
                SEED_004.replace("chat/completions", "embeddings").replace("\"stream\": false", "\"input\": \"a\"");
        assertEquals("[0.5]", json(run(embed, port)).at("/data/0/embedding").toString());
        assertEquals("/v1/embeddings", stage.requests().getFirst().head().target());
        String list = "curl http://localhost:3000/v1/models -H \"Authorization: Bearer sk-your-generated-key\"";
        JsonNode models = json(run(list, port));
        assertEquals("list", models.path("object").asText());
        assertEquals(List.of("meta/llama-3.1-405b-instruct"), models.path("data").findValuesAsText("id"));
    }

    /// Two groups, the first of which is down.
    private String ownChannels() throws IOException {
        return """
        channels:
          - name: NVIDIA NIM
            url: %s/v1
            keys: [sk-fake-nvidia]
            models: [meta/llama-3.1-405b-instruct]
            priority: 1
          - {name: first, url: "%s/v1", keys: [sk-fake-a, sk-fake-b], models: [meta/llama-3.1-405b-instruct]}
        """
                .formatted(provider(), down());
    }

    private static String streamed(String line) {
        return line.replace("\"stream\": false", "\"stream\": true");
    }

    /// In a shell, as its reader would; nothing but the answer is printed.
    private String run(String line, int port) throws IOException, InterruptedException {
        String program = line.substring(0, line.indexOf(' '));
        assumeTrue(isInstalled(program), "needs: " + program);
        String here =
                line.replace("localhost:3000", "localhost:" + port).replace("curl ", "curl --silent --show-error ");
        Process shell =
                new ProcessBuilder("sh", "-c", here).directory(folder.toFile()).redirectErrorStream(true).start();
        String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, shell.waitFor(), said);
        return said;
    }

    private static boolean isInstalled(String program) throws IOException, InterruptedException {
        return new ProcessBuilder("sh", "-c", "command -v " + program).start().waitFor() == 0;
    }

    private int gateway(String yaml, String upstreams) {
        Map<String, String> environment = upstreams.isEmpty() ? Map.of() : Map.of("UPSTREAM_API_URL", upstreams);
        return stage.gateway(yaml + "\n", environment).port();
    }

    private String provider() {
        return "http://127.0.0.1:" + stage.provider(SeedChannelsTest::answer).port();
    }

    private static String answer(Request request) {
        if (request.head().target().endsWith("/embeddings")) {
            return ChannelStage.json(200, "{\"object\":\"list\",\"data\":[{\"index\":0,\"embedding\":[0.5]}]}");
        }
        if (request.body().replace(" ", "").contains("\"stream\":true")) return ChannelStage.events(STREAM);
        return ChannelStage.json(
                200,
                """
                {"id":"1","object":"chat.completion","model":"up","choices":[{"index":0,"finish_reason":"stop",\
                "message":{"role":"assistant","content":"Hi"}}]}\
                """);
    }

    private static String down() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return "http://127.0.0.1:" + socket.getLocalPort();
        }
    }

    private List<String> credentials() {
        return stage.requests().stream()
                .flatMap(request -> request.head().fields().all("Authorization").stream())
                .toList();
    }

    private static JsonNode json(String text) throws IOException {
        return new ObjectMapper().readTree(text);
    }
}
