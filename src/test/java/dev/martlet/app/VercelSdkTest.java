package dev.martlet.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.martlet.app.FakeProvider.Request;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The Vercel AI SDK works over channels, and does not notice that the first of them is down.
@Timeout(120)
class VercelSdkTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path WEATHER = Path.of("src/test/resources/golden/sdk/weather.json");

    @Test
    @DisplayName("generates and streams text with a tool, embeds, and knows a refusal as one")
    void worksOverChannels() throws IOException, InterruptedException {
        try (FakeProvider down = FakeProvider.answering("HTTP/1.1 503 Down\r\nContent-Length: 0\r\n\r\n");
                FakeProvider up = new FakeProvider(VercelSdkTest::answer);
                Gateway gateway = YamlGateway.start(channels(down, up), Map.of(), OutputStream.nullOutputStream())) {
            JsonNode understood = understood("vercel.mjs", base(gateway));
            assertChat(understood);
            assertEquals(JSON.readTree("{\"embeddings\":[[0.5,1],[2,3]],\"tokens\":4}"), understood.get("embedded"));
            assertEquals(5, up.requests().size());
            assertTrue(down.connections() > 0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"anthropic", "gemini"})
    @DisplayName("generates and streams text with a tool over a channel that speaks something else")
    void worksOverOtherDialects(String dialect) throws IOException, InterruptedException {
        JsonNode answers = JSON.readTree(WEATHER.toFile()).path(dialect);
        try (FakeProvider up = new FakeProvider(peer -> answer(peer, answers));
                Gateway gateway =
                        YamlGateway.start(
                                """
                                channels:
                                  - name: up
                                    dialect: %s
                                    url: http://127.0.0.1:%d
                                    keys: [sk-fake]
                                    models: ["weather-model: up-model"]
                                """
                                        .formatted(dialect, up.port()),
                                Map.of(),
                                OutputStream.nullOutputStream())) {
            assertChat(understood("vercel.mjs", base(gateway), "chat"));
            assertEquals(4, up.requests().size());
        }
    }

    private static void assertChat(JsonNode understood) throws IOException {
        String answered =
                """
                {"steps":2,"results":[{"toolName":"temperature","output":{"city":"Basel","celsius":21}}],\
                "text":"21 degrees in Basel","finishReason":"stop","tokens":17,"models":["weather-model"]}\
                """;
        assertEquals(JSON.readTree(answered), understood.get("whole"));
        assertEquals(
                JSON.readTree(answered.replaceFirst("}$", ",\"pieces\":[\"21 degrees\",\" in Basel\"]}")),
                understood.get("streamed"));
        assertEquals(404, understood.at("/refused/status").asInt());
        assertTrue(understood.at("/refused/message").asText().contains("no-such-model"), understood::toString);
    }

    private static String base(Gateway gateway) {
        return "http://127.0.0.1:" + gateway.port() + "/v1";
    }

    private static JsonNode understood(String... program) throws IOException, InterruptedException {
        Path clients = Path.of("src/test/clients");
        assumeTrue(Files.isDirectory(clients.resolve("node_modules")), "needs: npm ci --prefix src/test/clients");
        Process node =
                new ProcessBuilder(Stream.concat(Stream.of("node"), Stream.of(program)).toList())
                        .directory(clients.toFile())
                        .redirectErrorStream(true)
                        .start();
        String said = new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, node.waitFor(), said);
        return JSON.readTree(said.lines().toList().getLast());
    }

    private static String channels(FakeProvider down, FakeProvider up) {
        return """
        channels:
          - {name: down, url: "http://127.0.0.1:%d/v1", keys: [sk-fake-1], models: ["weather-model: up-model"]}
          - {name: up, url: "http://127.0.0.1:%d/v1", keys: [sk-fake-2], models: ["weather-model: up-model"], priority: 1}
        """
                .formatted(down.port(), up.port());
    }

    /// Asks for the tool first, then says what the tool said.
    private static void answer(FakeProvider.Peer peer) throws IOException {
        for (Optional<Request> next = peer.next(); next.isPresent(); next = peer.next()) {
            JsonNode asked = JSON.readTree(next.get().body());
            assertEquals("up-model", asked.path("model").asText());
            if (next.get().head().target().endsWith("/embeddings")) peer.send(embeddings());
            else if (asked.path("stream").asBoolean()) peer.send(stream(hasResult(asked)));
            else peer.send(whole(hasResult(asked)));
        }
    }

    /// Likewise in the words of another dialect.
    private static void answer(FakeProvider.Peer peer, JsonNode answers) throws IOException {
        for (Optional<Request> next = peer.next(); next.isPresent(); next = peer.next()) {
            String target = next.get().head().target();
            String body = next.get().body();
            boolean stream = target.contains("stream") || body.contains("\"stream\":true");
            boolean last = Stream.of("tool_result", "functionResponse").anyMatch(body::contains) && body.contains("21");
            JsonNode said = answers.path(stream ? "stream" : "whole").path(last ? "text" : "call");
            peer.send(stream ? events(said) : message("application/json", said.toString()));
        }
    }

    /// Anthropic names its events also outside of them.
    private static String events(JsonNode said) {
        StringBuilder events = new StringBuilder();
        for (JsonNode event : said) {
            if (event.has("type")) events.append("event: ").append(event.path("type").asText()).append('\n');
            events.append("data: ").append(event).append("\n\n");
        }
        return message("text/event-stream", events.toString());
    }

    private static boolean hasResult(JsonNode asked) {
        JsonNode messages = asked.path("messages");
        JsonNode last = messages.path(messages.size() - 1);
        return last.path("role").asText().equals("tool") && last.path("content").asText().contains("21");
    }

    private static String whole(boolean last) throws IOException {
        String message =
                last ? "\"content\":\"21 degrees in Basel\"" : "\"content\":null,\"tool_calls\":[" + call() + "]";
        return message(
                "application/json",
                """
                {"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"up-model","choices":[{"index":0,\
                "message":{"role":"assistant",%s},"finish_reason":"%s"}],%s}\
                """
                        .formatted(message, finish(last), usage()));
    }

    private static String stream(boolean last) throws IOException {
        List<String> deltas =
                last
                        ? List.of("{\"content\":\"21 degrees\"}", "{\"content\":\" in Basel\"}")
                        : List.of("{\"tool_calls\":[" + call() + "]}");
        StringBuilder events = new StringBuilder(event("{\"role\":\"assistant\"}", "null"));
        for (String delta : deltas) events.append(event(delta, "null"));
        events.append(event("{}", '"' + finish(last) + '"'))
                .append("data: {\"id\":\"chatcmpl-1\",\"model\":\"up-model\",\"choices\":[],%s}\n\n".formatted(usage()))
                .append("data: [DONE]\n\n");
        return message("text/event-stream", events.toString());
    }

    private static String event(String delta, String finish) {
        return """
        data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"up-model","choices":[{"index":0,\
        "delta":%s,"finish_reason":%s}]}

        """
                .formatted(delta, finish);
    }

    private static String embeddings() {
        return message(
                "application/json",
                """
                {"object":"list","model":"up-model","data":[{"object":"embedding","index":0,"embedding":[0.5,1]},\
                {"object":"embedding","index":1,"embedding":[2,3]}],"usage":{"prompt_tokens":4,"total_tokens":4}}\
                """);
    }

    private static String call() throws IOException {
        String arguments = JSON.writeValueAsString("{\"city\":\"Basel\"}");
        return """
        {"id":"call-1","type":"function","index":0,"function":{"name":"temperature","arguments":%s}}\
        """
                .formatted(arguments);
    }

    private static String finish(boolean last) {
        return last ? "stop" : "tool_calls";
    }

    private static String usage() {
        return "\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":7,\"total_tokens\":17}";
    }

    private static String message(String type, String body) {
        int length = body.getBytes(StandardCharsets.UTF_8).length;
        return "HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\nContent-Length: " + length + "\r\n\r\n" + body;
    }
}
