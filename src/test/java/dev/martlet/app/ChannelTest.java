package dev.martlet.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.martlet.app.RawClient.Answer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/// Calls that are routed by model, through the whole gateway, with providers that do as they are told.
@Timeout(60)
class ChannelTest {
    private static final String GOOD =
            """
            {"id":"chatcmpl-1","object":"chat.completion","model":"gpt-4o-2024-08-06","choices":[{"index":0,"message":\
            {"role":"assistant","content":"hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":7,"completion_tokens":2}}\
            """;

    private static final String CHAT = "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}";

    private static final String STREAM =
            "{\"model\":\"gpt-4o\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}";

    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final List<AutoCloseable> open = new ArrayList<>();
    private final List<FakeProvider.Request> requests = new CopyOnWriteArrayList<>();

    @AfterEach
    void closes() throws Exception {
        for (AutoCloseable one : open.reversed()) one.close();
    }

    @Test
    @DisplayName(
            "asks the channel by its own name for the model and with its own key, and answers by the caller's name")
    void translatesNameAndKey() {
        int port =
                gateway(
                        channel(
                                "one",
                                provider(_ -> json(200, GOOD)),
                                "keys: [sk-fake-up]",
                                "models: [\"gpt-4o: up-4o\"]"));
        Answer answer = chat(port, CHAT, "Authorization: Bearer sk-mt-mine");
        assertEquals(200, answer.status(), answer::body);
        assertEquals(GOOD.replace("gpt-4o-2024-08-06", "gpt-4o"), answer.body());
        FakeProvider.Request request = requests.getFirst();
        assertEquals("/v1/chat/completions", request.head().target());
        assertEquals(CHAT.replace("gpt-4o", "up-4o"), request.body());
        assertEquals(List.of("Bearer sk-fake-up"), request.head().fields().all("Authorization"));
        assertEquals("one", answer.fields().first("x-martlet-channel").orElse(""));
        assertEquals("1", answer.fields().first("x-martlet-attempts").orElse(""));
    }

    @Test
    @DisplayName("U-10 a channel that fails is followed by the next, and the client sees nothing of it")
    void failsOver() {
        String bad = channel("bad", provider(_ -> json(503, "{\"error\":{\"message\":\"no\"}}")), "keys: [sk-fake-1]");
        String good = channel("good", provider(_ -> json(200, GOOD)), "keys: [sk-fake-2]", "priority: 1");
        Answer answer = chat(gateway(bad, good), CHAT);
        assertEquals(200, answer.status(), answer::body);
        assertEquals("good", answer.fields().first("x-martlet-channel").orElse(""));
        assertEquals("2", answer.fields().first("x-martlet-attempts").orElse(""));
    }

    @Test
    @DisplayName(
            "a stream passes event by event, the model by the caller's name, the count of tokens unasked and unseen")
    void streams() {
        String events =
                event("{\"id\":\"1\",\"model\":\"m-1\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\"}}]}")
                        + event(
                                "{\"id\":\"1\",\"model\":\"m-1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"hi\"}}]}")
                        + event(
                                "{\"id\":\"1\",\"model\":\"m-1\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}");
        String usage =
                event(
                        "{\"id\":\"1\",\"model\":\"m-1\",\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":1}}");
        String done = event("[DONE]");
        int port = gateway(channel("one", provider(_ -> sse(events + usage + done)), "keys: [sk-fake-up]"));
        Answer answer = chat(port, STREAM);
        assertEquals(events.replace("m-1", "gpt-4o") + done, answer.body());
        assertTrue(answer.complete());
        assertTrue(requests.getFirst().body().contains("\"include_usage\":true"), requests.getFirst()::body);
        assertEquals("no-cache", answer.fields().first("Cache-Control").orElse(""));
    }

    @Test
    @DisplayName("U-27 a stream without its end closes with an error event, and never looks whole")
    void truncatedStream() {
        String event = event("{\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"hi\"}}]}");
        int port = gateway(channel("one", provider(_ -> sse(event)), "keys: [sk-fake-up]"));
        Answer answer = chat(port, STREAM);
        assertFalse(answer.complete());
        assertTrue(answer.body().startsWith(event.replace("\"m\"", "\"gpt-4o\"")), answer::body);
        assertTrue(answer.body().contains("data: {\"error\":{"), answer::body);
        assertFalse(answer.body().contains("[DONE]"), answer::body);
    }

    @Test
    @DisplayName("U-30 an error in the place of the first event is answered by another channel")
    void errorAsFirstEvent() {
        String bad =
                channel(
                        "bad",
                        provider(_ -> sse(event("{\"error\":{\"message\":\"overloaded\",\"code\":529}}"))),
                        "keys: [sk-fake-1]");
        String content =
                event("{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"hi\"},\"finish_reason\":\"stop\"}]}")
                        + event("[DONE]");
        String good = channel("good", provider(_ -> sse(content)), "keys: [sk-fake-2]", "priority: 1");
        Answer answer = chat(gateway(bad, good), STREAM);
        assertEquals(content, answer.body());
        assertTrue(answer.complete());
    }

    @Test
    @DisplayName("U-38 when all fail the answer says so in the caller's format, with no word of an upstream")
    void allFail() {
        String bad =
                channel(
                        "bad",
                        provider(_ -> json(500, "{\"error\":{\"message\":\"secret-word\"}}")),
                        "keys: [sk-fake-1]");
        Answer answer = chat(gateway(bad), CHAT);
        assertEquals(502, answer.status());
        assertTrue(answer.body().contains("\"code\":\"upstream_failed\""), answer::body);
        assertFalse(answer.body().contains("secret-word"), answer::body);
    }

    @Test
    @DisplayName("U-36 when every key is throttled the client gets 429 and the smallest wait")
    void throttled() {
        String one =
                channel(
                        "one",
                        provider(_ -> json(429, "{\"error\":{\"message\":\"slow down\"}}", "Retry-After: 7")),
                        "keys: [sk-fake-1]");
        Answer answer = chat(gateway(one), CHAT);
        assertEquals(429, answer.status());
        assertEquals("7", answer.fields().first("Retry-After").orElse(""));
    }

    @Test
    @DisplayName("U-28 behind half an event nothing is written")
    void cutInsideAnEvent() {
        String event = event("{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"hi\"}}]}");
        String half = "data: {\"choices\":[{\"index\":0,\"delta\":{\"conte";
        int port = gateway(channel("one", provider(_ -> sse(event + half)), "keys: [sk-fake-up]"));
        Answer answer = chat(port, STREAM);
        assertFalse(answer.complete());
        assertEquals(event + half, answer.body());
    }

    @Test
    @DisplayName("U-32, A-8 neither a page nor our key is passed on with a provider's no")
    void retellsARefusal() {
        String page =
                channel(
                        "one",
                        provider(_ -> json(413, "<!DOCTYPE html><html>secret-word</html>")),
                        "keys: [sk-fake-key-up]");
        Answer answer = chat(gateway(page), CHAT);
        assertEquals(413, answer.status());
        assertFalse(answer.body().contains("secret-word"), answer::body);
        assertTrue(answer.body().contains("\"code\":\"provider_refused\""), answer::body);
        String echo =
                channel(
                        "two",
                        provider(_ -> json(400, "{\"error\":{\"message\":\"you sent sk-fake-key-up\"}}")),
                        "keys: [sk-fake-key-up]");
        Answer told = chat(gateway(echo), CHAT);
        assertEquals(400, told.status());
        assertFalse(told.body().contains("sk-fake"), told::body);
    }

    private static String event(String data) {
        return "data: " + data + "\n\n";
    }

    private int gateway(String... channels) {
        String yaml = "channels:\n" + String.join("", channels);
        Gateway gateway = YamlGateway.start(yaml, Map.of(), log);
        open.add(gateway);
        return gateway.port();
    }

    private static String channel(String name, FakeProvider provider, String... lines) {
        StringBuilder yaml = new StringBuilder("  - name: " + name + "\n");
        yaml.append("    url: http://127.0.0.1:").append(provider.port()).append("/v1\n");
        for (String line : lines) yaml.append("    ").append(line).append('\n');
        return yaml.toString();
    }

    private FakeProvider provider(Function<FakeProvider.Request, String> answer) {
        FakeProvider provider =
                new FakeProvider(peer -> {
                    for (var request = peer.next(); request.isPresent(); request = peer.next()) {
                        requests.add(request.get());
                        peer.send(answer.apply(request.get()));
                    }
                });
        open.add(provider);
        return provider;
    }

    private static Answer chat(int port, String body, String... fields) {
        StringBuilder head = new StringBuilder("POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\n");
        for (String field : fields) head.append(field).append("\r\n");
        head.append("Content-Type: application/json\r\nContent-Length: ").append(body.length()).append("\r\n\r\n");
        return RawClient.ask(port, head + body);
    }

    private static String json(int status, String body, String... fields) {
        int length = body.getBytes(StandardCharsets.UTF_8).length;
        String more = fields.length == 0 ? "" : String.join("\r\n", fields) + "\r\n";
        return "HTTP/1.1 "
                + status
                + " X\r\nContent-Type: application/json\r\n"
                + more
                + "Content-Length: "
                + length
                + "\r\n\r\n"
                + body;
    }

    private static String sse(String events) {
        return "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: "
                + events.length()
                + "\r\n\r\n"
                + events;
    }
}
