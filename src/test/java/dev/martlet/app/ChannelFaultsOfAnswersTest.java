package dev.martlet.app;

import static dev.martlet.app.ChannelStage.CHAT;
import static dev.martlet.app.ChannelStage.CONTENT;
import static dev.martlet.app.ChannelStage.END;
import static dev.martlet.app.ChannelStage.GOOD;
import static dev.martlet.app.ChannelStage.STREAM;
import static dev.martlet.app.ChannelStage.channel;
import static dev.martlet.app.ChannelStage.events;
import static dev.martlet.app.ChannelStage.json;
import static dev.martlet.app.ChannelStage.message;
import static dev.martlet.app.ChannelStage.post;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.martlet.app.RawClient.Answer;
import dev.martlet.wire.Http1;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/// Answers of models that are none, or not whole, or say too much.
@Timeout(60)
class ChannelFaultsOfAnswersTest {
    private final ChannelStage stage = new ChannelStage();

    @AfterEach
    void closes() throws Exception {
        stage.close();
    }

    @Test
    @DisplayName("U-14 an answer without a length that ends amid its JSON is not one")
    void cutWithoutALength() {
        String half = message("200 OK", "application/json", "{\"choices\":[{");
        FakeProvider bad =
                stage.playing(peer -> {
                    peer.request();
                    peer.send(half.replaceFirst("Content-Length: \\d+", "Connection: close"));
                });
        Answer answer = post(stage.gateway(channel("one", 1, bad)).port(), CHAT);
        assertEquals(502, answer.status());
        assertTrue(answer.complete());
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {"U-17 silence amid a stream|idle|false", "U-18 a stream without end|stream|true"})
    void cutsInTime(String what, String limit, boolean endless) {
        FakeProvider provider =
                stage.playing(peer -> {
                    peer.request();
                    peer.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n");
                    peer.send(CONTENT);
                    if (!endless) peer.awaitClose();
                    for (int i = 0; i < 1000; i++) {
                        peer.send(CONTENT);
                        Wait.pause(Duration.ofMillis(20));
                    }
                });
        int port = stage.gateway(channel("one", 1, provider, "timeouts: {" + limit + ": 1s}")).port();
        Answer answer = post(port, STREAM);
        assertFalse(answer.complete(), what);
        assertTrue(answer.body().startsWith(CONTENT), what);
        assertTrue(answer.body().contains("data: {\"error\":"), answer::body);
        assertFalse(answer.body().contains("[DONE]"), what);
    }

    @Test
    @DisplayName("U-26 of a provider's fields only the allowed ones come down")
    void fieldsDown() {
        String bytes =
                message(
                        "200 OK",
                        "application/json",
                        GOOD,
                        "Set-Cookie: a=b",
                        "Access-Control-Allow-Origin: http://evil",
                        "Server: evil",
                        "x-goog-api-key: sk-fake-1",
                        "Authorization: Bearer sk-fake-1",
                        "WWW-Authenticate: evil",
                        "Strict-Transport-Security: max-age=1",
                        "Location: http://evil",
                        "Alt-Svc: evil",
                        "Refresh: 0; url=http://evil",
                        "retry-after: sk-fake-1",
                        "x-ratelimit-remaining-requests: 9",
                        "x-request-id: theirs");
        Answer answer = post(stage.alone(bytes), CHAT);
        assertEquals(200, answer.status());
        assertFalse(answer.head().contains("evil") || answer.head().contains("sk-fake"), answer::head);
        for (String name : List.of("Set-Cookie", "Server", "Location", "Refresh", "WWW-Authenticate", "Retry-After")) {
            assertFalse(answer.fields().has(name), name);
        }
        assertEquals("9", answer.fields().first("x-ratelimit-remaining-requests").orElse(""));
        assertEquals("theirs", answer.fields().first("x-upstream-request-id").orElse(""));
    }

    @ParameterizedTest(name = "U-29 line ends {0}")
    @ValueSource(strings = {"LF", "CRLF", "CR"})
    void everyByteForItself(String end) {
        String line = end.replace("CR", "\r").replace("LF", "\n");
        List<String> lines =
                List.of(
                        ": a comment",
                        "",
                        "event: x",
                        "data:{\"choices\":[{\"index\":0,\"delta\":",
                        "data: {\"content\":\"hi\"}}]}",
                        "",
                        "data: [DONE]",
                        "",
                        "");
        String events = String.join(line, lines);
        FakeProvider slicer =
                stage.playing(peer -> {
                    peer.request();
                    peer.send(
                            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
                    peer.send("3\r\n\u00ef\u00bb\u00bf\r\n");
                    for (char one : events.toCharArray()) peer.send("1\r\n" + one + "\r\n");
                    peer.send(Http1.lastChunk());
                });
        Answer answer = post(stage.gateway(channel("one", 1, slicer)).port(), STREAM);
        assertTrue(answer.complete(), answer::body);
        assertEquals(events, answer.body().replace("\ufeff", ""));
    }

    @Test
    @DisplayName("U-29 an event without end is cut, and not kept")
    void endlessEvent() {
        FakeProvider endless =
                stage.playing(peer -> {
                    peer.request();
                    peer.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\ndata: ");
                    byte[] part = "x".repeat(64 << 10).getBytes(StandardCharsets.US_ASCII);
                    for (int i = 0; i < 1024; i++) peer.send(part);
                });
        Answer answer = post(stage.gateway(channel("one", 1, endless)).port(), STREAM);
        assertFalse(answer.status() == 200 && answer.complete(), () -> "whole, with " + answer.body().length());
    }

    @ParameterizedTest(name = "U-31 {0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "an empty body|application/json|''",
                "an empty object|application/json|{}",
                "an error|application/json|{\"error\":{\"message\":\"secret-word\"}}",
                "a page|text/html|<!DOCTYPE html><html>secret-word</html>",
                "a page that says it is JSON|application/json|<html>secret-word</html>",
                "text|text/plain|secret-word",
                "half of it|application/json|{\"choices\":[{\"secret-word\":"
            })
    void isNoAnswer(String what, String type, String body) {
        String bad = channel("one", 1, stage.provider(message("200 OK", type, body)));
        Answer answer = post(stage.gateway(bad).port(), CHAT);
        assertEquals(502, answer.status(), what);
        assertFalse(answer.body().contains("secret-word"), answer::body);
        assertTrue(answer.fields().first("Content-Type").orElse("").startsWith("application/json"), what);
        String good = channel("two", 2, stage.provider(json(200, GOOD)));
        Answer failedOver = post(stage.gateway(bad, good).port(), CHAT);
        assertEquals(200, failedOver.status(), what);
        assertEquals(GOOD, failedOver.body());
    }

    @Test
    @DisplayName("U-33 a whole answer for who waits for events becomes events")
    void wholeForEvents() {
        Answer answer = post(stage.alone(json(200, GOOD)), STREAM);
        assertEquals(200, answer.status());
        assertEquals("text/event-stream; charset=utf-8", answer.fields().first("Content-Type").orElse(""));
        assertEquals(
                """
                data: {"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"hi"},"finish_reason":null}]}

                data: {"model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

                data: [DONE]

                """,
                answer.body());
    }

    @Test
    @DisplayName("U-33 events for who wants a whole answer become one")
    void eventsForWhole() {
        Answer answer = post(stage.alone(events(CONTENT + END)), CHAT);
        assertEquals(200, answer.status());
        assertEquals("application/json", answer.fields().first("Content-Type").orElse(""));
        assertEquals(
                """
                {"object":"chat.completion","choices":[\
                {"index":0,"message":{"role":"assistant","content":"hi","refusal":null},"logprobs":null,"finish_reason":null}]}\
                """,
                answer.body());
    }

    @Test
    @DisplayName("U-33 events in the place of vectors are no answer, and another is asked")
    void eventsForVectors() {
        FakeProvider other = stage.provider(events(CONTENT + END));
        FakeProvider asked = stage.provider(json(200, "{\"object\":\"list\",\"data\":[]}"));
        int port = stage.gateway(channel("one", 1, other), channel("two", 2, asked)).port();
        String body = "{\"model\":\"m\",\"input\":\"x\"}";
        Answer answer = RawClient.ask(port, ChannelStage.head("/v1/embeddings", body.length()) + body);
        assertEquals("{\"object\":\"list\",\"data\":[]}", answer.body());
    }

    @ParameterizedTest(name = "U-34 a packed answer passes with its field, {0}")
    @ValueSource(strings = {"gzip", "br", "zstd"})
    void packedAnswer(String coding) {
        int port = stage.alone(json(200, "\u001f\u008bpacked", "Content-Encoding: " + coding));
        Answer answer = post(port, CHAT);
        boolean passed = answer.status() == 200 && answer.fields().first("Content-Encoding").orElse("").equals(coding);
        assertTrue(passed || answer.status() == 502, answer::head);
    }

    @ParameterizedTest(name = "S-9 usage {0}")
    @ValueSource(
            strings = {
                "{}",
                "null",
                "[]",
                "\"7\"",
                "{\"prompt_tokens\":-1,\"completion_tokens\":-9223372036854775808}",
                "{\"prompt_tokens\":1e400,\"completion_tokens\":99999999999999999999999}",
                "{\"prompt_tokens\":\"7\",\"completion_tokens\":{}}"
            })
    void oddUsage(String usage) {
        String body = GOOD.replaceFirst("}$", ",\"usage\":" + usage + "}");
        int port = stage.alone(json(200, body));
        assertEquals(body, post(port, CHAT).body());
        String metrics = RawClient.ask(port, "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n").body();
        assertFalse(metrics.matches("(?s).*\n[a-z_]*token[^\n]* -.*"), metrics);
    }
}
