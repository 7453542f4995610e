package dev.martlet.app;

import static dev.martlet.app.ChannelStage.channel;
import static dev.martlet.app.ChannelStage.events;
import static dev.martlet.app.ChannelStage.json;
import static dev.martlet.app.ChannelStage.post;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.martlet.app.RawClient.Answer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

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

    private final ChannelStage stage = new ChannelStage();

    @AfterEach
    void closes() throws Exception {
        stage.close();
    }

    @Test
    @DisplayName(
            "asks the channel by its own name for the model and with its own key, and answers by the caller's name")
    void translatesNameAndKey() {
        String one = channel("one", 1, stage.provider(json(200, GOOD)), "models: [\"gpt-4o: up-4o\"]");
        int port = stage.gateway(one).port();
        Answer answer = post(port, CHAT, "Authorization: Bearer sk-mt-mine");
        assertEquals(200, answer.status(), answer::body);
        assertEquals(GOOD.replace("gpt-4o-2024-08-06", "gpt-4o"), answer.body());
        FakeProvider.Request request = stage.requests().getFirst();
        assertEquals("/v1/chat/completions", request.head().target());
        assertEquals(CHAT.replace("gpt-4o", "up-4o"), request.body());
        assertEquals(List.of("Bearer sk-fake-1"), request.head().fields().all("Authorization"));
        assertEquals("one", answer.fields().first("x-martlet-channel").orElse(""));
        assertEquals("1", answer.fields().first("x-martlet-attempts").orElse(""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Type: application/x-www-form-urlencoded\r\n",
                "Content-type: text/plain\r\nContent-Type: application/json\r\n",
                ""
            })
    @DisplayName("what was read as JSON is called JSON towards the channel, whatever curl and ab say that it is")
    void namesJson(String fields) {
        String one = channel("one", 1, stage.provider(json(200, GOOD)));
        String length = "Content-Length: " + CHAT.length() + "\r\n\r\n";
        String head = "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\n" + fields + length;
        assertEquals(200, RawClient.ask(stage.gateway(one).port(), head + CHAT).status());
        FakeProvider.Request request = stage.requests().getFirst();
        assertEquals(List.of("application/json"), request.head().fields().all("Content-Type"));
    }

    @Test
    @DisplayName("U-10 a channel that fails is followed by the next, and the client sees nothing of it")
    void failsOver() {
        String bad = channel("bad", 1, stage.provider(json(503, "{\"error\":{\"message\":\"no\"}}")));
        String good = channel("good", 2, stage.provider(json(200, GOOD)));
        Answer answer = post(stage.gateway(bad, good).port(), CHAT);
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
        int port = stage.alone(events(events + usage + done));
        Answer answer = post(port, STREAM);
        assertEquals(events.replace("m-1", "gpt-4o") + done, answer.body());
        assertTrue(answer.complete());
        assertTrue(
                stage.requests().getFirst().body().contains("\"include_usage\":true"),
                stage.requests().getFirst()::body);
        assertEquals("no-cache", answer.fields().first("Cache-Control").orElse(""));
    }

    @Test
    @DisplayName("U-27 a stream without its end closes with an error event, and never looks whole")
    void truncatedStream() {
        String event = event("{\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"hi\"}}]}");
        int port = stage.alone(events(event));
        Answer answer = post(port, STREAM);
        assertFalse(answer.complete());
        assertTrue(answer.body().startsWith(event.replace("\"m\"", "\"gpt-4o\"")), answer::body);
        assertTrue(answer.body().contains("data: {\"error\":{"), answer::body);
        assertFalse(answer.body().contains("[DONE]"), answer::body);
    }

    @Test
    @DisplayName("U-30 an error in the place of the first event is answered by another channel")
    void errorAsFirstEvent() {
        String error = event("{\"error\":{\"message\":\"overloaded\",\"code\":529}}");
        String bad = channel("bad", 1, stage.provider(events(error)));
        String content =
                event("{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"hi\"},\"finish_reason\":\"stop\"}]}")
                        + event("[DONE]");
        String good = channel("good", 2, stage.provider(events(content)));
        Answer answer = post(stage.gateway(bad, good).port(), STREAM);
        assertEquals(content, answer.body());
        assertTrue(answer.complete());
    }

    @Test
    @DisplayName("U-38 when all fail the answer says so in the caller's format, with no word of an upstream")
    void allFail() {
        Answer answer = post(stage.alone(json(500, "{\"error\":{\"message\":\"secret-word\"}}")), CHAT);
        assertEquals(502, answer.status());
        assertTrue(answer.body().contains("\"code\":\"upstream_failed\""), answer::body);
        assertFalse(answer.body().contains("secret-word"), answer::body);
    }

    @Test
    @DisplayName("U-36 when every key is throttled the client gets 429 and the smallest wait")
    void throttled() {
        String slow = json(429, "{\"error\":{\"message\":\"slow down\"}}", "Retry-After: 7");
        Answer answer = post(stage.alone(slow), CHAT);
        assertEquals(429, answer.status());
        assertEquals("7", answer.fields().first("Retry-After").orElse(""));
    }

    @Test
    @DisplayName("U-28 behind half an event nothing is written")
    void cutInsideAnEvent() {
        String event = event("{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"hi\"}}]}");
        String half = "data: {\"choices\":[{\"index\":0,\"delta\":{\"conte";
        int port = stage.alone(events(event + half));
        Answer answer = post(port, STREAM);
        assertFalse(answer.complete());
        assertEquals(event + half, answer.body());
    }

    @Test
    @DisplayName("U-32, A-8 neither a page nor our key is passed on with a provider's no")
    void retellsARefusal() {
        Answer answer = post(stage.alone(json(413, "<!DOCTYPE html><html>secret-word</html>")), CHAT);
        assertEquals(413, answer.status());
        assertFalse(answer.body().contains("secret-word"), answer::body);
        assertTrue(answer.body().contains("\"code\":\"provider_refused\""), answer::body);
        FakeProvider echo = stage.provider(json(400, "{\"error\":{\"message\":\"you sent sk-fake-key-up\"}}"));
        Answer told = post(stage.gateway(channel("two", echo, "keys: [sk-fake-key-up]")).port(), CHAT);
        assertEquals(400, told.status());
        assertFalse(told.body().contains("sk-fake"), told::body);
    }

    private static String event(String data) {
        return "data: " + data + "\n\n";
    }
}
