package dev.martlet.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.martlet.app.RawClient.Answer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// JSON that takes far more memory than its text: of lists of empty objects some thirty times as much.
@Timeout(60)
class ChannelMemoryTest {
    private static final String YAML =
            """
            server: {host: 127.0.0.1, port: 0, limits: {buffered-bytes: 8MiB}}
            clients: {required: never}
            """;

    private static final int BYTES = 1 << 20;
    private static final String OBJECTS = "{},".repeat(BYTES / 3) + "0";
    private static final String TEXT = "\"" + "x".repeat(BYTES) + "\"";

    private static final String ANSWER =
            """
            {"id":"1","type":"message","role":"assistant","model":"m","content":[{"type":"text","text":"hi"}],\
            "stop_reason":"end_turn","usage":{"input_tokens":1,"output_tokens":1},"more":[MORE]}\
            """;

    private final ChannelStage stage = new ChannelStage();

    @AfterEach
    void closes() {
        stage.close();
    }

    @Test
    @DisplayName("O-5 a body that is to be translated is let in by what it takes as a tree, not by its bytes")
    void questionsAsTrees() throws IOException {
        int port = answering("");
        Answer refused = ChannelStage.post(port, question(OBJECTS));
        assertEquals(503, refused.status(), refused::body);
        assertEquals("overloaded", ChannelStage.code(refused));
        assertEquals(0, stage.requests().size());
        assertEquals(200, ChannelStage.post(port, question(TEXT)).status());
    }

    @Test
    @DisplayName("O-5 the same goes for an answer")
    void answersAsTrees() throws IOException {
        Answer refused = ChannelStage.post(answering(OBJECTS), question("1"));
        assertEquals(503, refused.status(), refused::body);
        assertEquals("overloaded", ChannelStage.code(refused));
        assertEquals(200, ChannelStage.post(answering(TEXT), question("1")).status());
    }

    @Test
    @DisplayName("U-19 a stream that is collected ends where the memory does, also when its events are of one size")
    void endlessEvents() throws IOException {
        String event = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + "x".repeat(50_000) + "\"}}]}\n\n";
        FakeProvider provider = stage.playing(peer -> endless(peer, event));
        Answer refused = ChannelStage.post(gateway("openai", provider, "always"), question("1"));
        assertEquals(503, refused.status(), refused::body);
        assertEquals("overloaded", ChannelStage.code(refused));
    }

    @Test
    @DisplayName("U-19 the same where no answer comes of it, and all of it is kept")
    void endlessLists() throws IOException {
        String event = "data: {\"choices\":[],\"list\":[\"" + "x".repeat(50_000) + "\"]}\n\n";
        FakeProvider provider = stage.playing(peer -> endless(peer, event));
        Answer refused = ChannelStage.post(gateway("openai", provider, "always"), question("1"));
        assertEquals(502, refused.status(), refused::body);
    }

    @Test
    @DisplayName("C-11 what nests as deep as it may can be a part of something else")
    void deepArguments() {
        String arguments = "{\\\"a\\\":".repeat(999) + "1" + "}".repeat(999);
        String call =
                "{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"1\",\"type\":\"function\",\"function\":"
                        + "{\"name\":\"f\",\"arguments\":\""
                        + arguments
                        + "\"}}]},{\"role\":\"tool\",\"tool_call_id\":\"1\",\"content\":\"x\"}";
        String body = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}," + call + "]}";
        Answer answer = ChannelStage.post(answering(""), body);
        assertEquals(200, answer.status(), answer::body);
        assertTrue(stage.requests().getFirst().body().contains("{\"a\":".repeat(999)));
    }

    @Test
    @DisplayName("O-16 lists of models are remembered for many callers only as long as they are small")
    void modelsOfManyCallers() {
        String model = "{\"id\":\"a-model-with-a-number-NUMBER\",\"object\":\"model\"}";
        String models =
                IntStream.range(0, 10_000)
                        .mapToObj(number -> model.replace("NUMBER", Integer.toString(number)))
                        .collect(Collectors.joining(","));
        FakeProvider provider = stage.provider(ChannelStage.json(200, "{\"data\":[" + models + "]}"));
        int port = stage.gateway(YAML, Map.of(), ChannelStage.channel("one", provider, "keys: from-client")).port();
        for (int caller = 1; caller <= 6; caller++) {
            assertEquals(200, models(port, "key-of-" + caller));
            assertEquals(caller, stage.requests().size());
        }
        models(port, "key-of-6");
        assertEquals(6, stage.requests().size(), "what was said last is remembered");
        models(port, "key-of-1");
        assertEquals(7, stage.requests().size());
    }

    private static int models(int port, String key) {
        String head = "GET /v1/models HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + key + "\r\n\r\n";
        return RawClient.ask(port, head).status();
    }

    /// A channel of Anthropic's whose answer has that in it, too.
    private int answering(String more) {
        return gateway("anthropic", stage.provider(ChannelStage.json(200, ANSWER.replace("MORE", more))), "as-asked");
    }

    private int gateway(String dialect, FakeProvider provider, String stream) {
        String channel = ChannelStage.channel("one", 1, provider, "dialect: " + dialect, "stream: " + stream);
        return stage.gateway(YAML, Map.of(), channel).port();
    }

    private static String question(String metadata) {
        return "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"metadata\":{\"x\":["
                + metadata
                + "]}}";
    }

    private static void endless(FakeProvider.Peer peer, String event) throws IOException {
        while (peer.request()) {
            peer.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n");
            while (true) peer.send(event);
        }
    }
}
