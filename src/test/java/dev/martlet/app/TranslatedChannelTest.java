package dev.martlet.app;

import static dev.martlet.app.ChannelStage.code;
import static dev.martlet.app.ChannelStage.events;
import static dev.martlet.app.ChannelStage.json;
import static dev.martlet.app.ChannelStage.post;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.martlet.app.FakeProvider.Request;
import dev.martlet.app.RawClient.Answer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// OpenAI's callers on channels that speak something else, or in another form, through the whole gateway.
@Timeout(60)
class TranslatedChannelTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    /// What the fake providers speak.
    enum Speech {
        OPENAI(
                "/v1",
                """
                {"id":"c1","object":"chat.completion","created":1,"model":"up","choices":[{"index":0,"message":\
                {"role":"assistant","content":"Hi there"},"finish_reason":"stop"}],"usage":{"prompt_tokens":7,\
                "completion_tokens":2,"total_tokens":9}}\
                """,
                """
                data: {"id":"c1","object":"chat.completion.chunk","created":1,"model":"up","choices":[{"index":0,"delta":{"role":"assistant","content":"Hi"},"finish_reason":null}]}

                data: {"id":"c1","object":"chat.completion.chunk","created":1,"model":"up","choices":[{"index":0,"delta":{"content":" there"},"finish_reason":null}]}

                data: {"id":"c1","object":"chat.completion.chunk","created":1,"model":"up","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

                data: {"id":"c1","object":"chat.completion.chunk","created":1,"model":"up","choices":[],"usage":{"prompt_tokens":7,"completion_tokens":2,"total_tokens":9}}

                data: [DONE]

                """,
                "{\"error\":{\"message\":\"MESSAGE\",\"type\":\"TYPE\",\"param\":null,\"code\":null}}"),
        ANTHROPIC(
                "/v1",
                """
                {"id":"msg_1","type":"message","role":"assistant","model":"up","content":[{"type":"text","text":"Hi there"}],\
                "stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":7,"output_tokens":2}}\
                """,
                """
                event: message_start
                data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"up","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":7,"output_tokens":1}}}

                event: content_block_start
                data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

                event: ping
                data: {"type":"ping"}

                event: content_block_delta
                data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi"}}

                event: content_block_delta
                data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":" there"}}

                event: content_block_stop
                data: {"type":"content_block_stop","index":0}

                event: message_delta
                data: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":2}}

                event: message_stop
                data: {"type":"message_stop"}

                """,
                "{\"type\":\"error\",\"error\":{\"type\":\"TYPE\",\"message\":\"MESSAGE\"}}"),
        GEMINI(
                "/v1beta",
                """
                {"candidates":[{"content":{"role":"model","parts":[{"text":"Hi there"}]},"finishReason":"STOP","index":0}],\
                "usageMetadata":{"promptTokenCount":7,"candidatesTokenCount":2,"totalTokenCount":9},"modelVersion":"up",\
                "responseId":"r1"}\
                """,
                """
                data: {"candidates":[{"content":{"role":"model","parts":[{"text":"Hi"}]}}],"usageMetadata":{"promptTokenCount":7,"totalTokenCount":7},"modelVersion":"up","responseId":"r1"}

                data: {"candidates":[{"content":{"role":"model","parts":[{"text":" there"}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":7,"candidatesTokenCount":2,"totalTokenCount":9},"modelVersion":"up","responseId":"r1"}

                """,
                "{\"error\":{\"code\":STATUS,\"message\":\"MESSAGE\",\"status\":\"TYPE\"}}");

        private final String basePath;
        private final String whole;
        private final String stream;
        private final String error;

        Speech(String basePath, String whole, String stream, String error) {
            this.basePath = basePath;
            this.whole = whole;
            this.stream = stream;
            this.error = error;
        }

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /// Somebody who speaks something else.
        Speech other() {
            return switch (this) {
                case OPENAI -> ANTHROPIC;
                case ANTHROPIC -> GEMINI;
                case GEMINI -> OPENAI;
            };
        }

        /// A channel that speaks so.
        String channel(int number, FakeProvider provider, String... lines) {
            List<String> all = new ArrayList<>(List.of(lines));
            if (all.stream().noneMatch(line -> line.startsWith("keys"))) all.add("keys: [sk-fake-" + number + "]");
            StringBuilder yaml = new StringBuilder("  - name: " + word() + "-" + number + "\n");
            yaml.append("    url: http://127.0.0.1:").append(provider.port()).append('\n');
            yaml.append("    dialect: ").append(word()).append("\n    priority: ").append(number).append('\n');
            for (String line : all) yaml.append("    ").append(line).append('\n');
            return yaml.toString();
        }

        String failure(int status, String type, String message) {
            String body = error.replace("STATUS", "" + status).replace("TYPE", type).replace("MESSAGE", message);
            return json(status, body);
        }

        /// The stream up to its first text, and what comes then.
        String cut(String rest) {
            int first = stream.indexOf("\n\n", stream.indexOf("Hi")) + 2;
            return events(stream.substring(0, first) + rest);
        }

        private String errorEvent(String type, String message) {
            String data = error.replace("STATUS", "500").replace("TYPE", type).replace("MESSAGE", message);
            return (this == ANTHROPIC ? "event: error\n" : "") + "data: " + data + "\n\n";
        }
    }

    private static final String CHAT =
            "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}],\"max_tokens\":9}";
    private static final String STREAM = CHAT.replace("\"max_tokens\"", "\"stream\":true,\"max_tokens\"");

    private final ChannelStage stage = new ChannelStage();

    @AfterEach
    void closes() throws Exception {
        stage.close();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName(
            "a whole answer is OpenAI's, whatever the channel speaks; the model is called what the caller called it")
    void whole(Speech speech) throws IOException {
        Answer answer = post(gateway(speech, json(200, speech.whole)), CHAT);
        assertEquals(200, answer.status(), answer::body);
        assertEquals("application/json", answer.fields().first("Content-Type").orElse(""));
        assertIsChat(answer);
        Request asked = stage.requests().getFirst();
        JsonNode body = JSON.readTree(asked.body());
        assertFalse(body.path("stream").asBoolean(), asked::body);
        assertEquals(speech.basePath + pathOf(speech, false), asked.head().target());
        assertEquals(credential(speech, "sk-fake-1"), credentials(asked));
        stage.awaitLines(1, "tokens=7+2");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a stream is OpenAI's, whatever the channel speaks")
    void stream(Speech speech) throws IOException {
        Answer answer = post(gateway(speech, events(speech.stream)), STREAM);
        assertEquals(200, answer.status(), answer::body);
        assertTrue(answer.complete(), answer::body);
        assertEquals("Hi there", text(answer));
        assertTrue(answer.body().endsWith("data: [DONE]\n\n"), answer::body);
        assertFalse(answer.body().contains("usage\":{"), answer::body);
        Request asked = stage.requests().getFirst();
        assertEquals(speech.basePath + pathOf(speech, true), asked.head().target());
        stage.awaitLines(1, "tokens=7+2");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("who asks for the count of tokens gets it at the end of the stream")
    void countedStream(Speech speech) throws IOException {
        String body = STREAM.replace("\"max_tokens\"", "\"stream_options\":{\"include_usage\":true},\"max_tokens\"");
        Answer answer = post(gateway(speech, events(speech.stream)), body);
        List<JsonNode> chunks = chunks(answer);
        assertEquals(7, chunks.getLast().at("/usage/prompt_tokens").asInt(), answer::body);
        assertEquals(2, chunks.getLast().at("/usage/completion_tokens").asInt(), answer::body);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("seed 003: what only streams is collected for who wants a whole answer")
    void collected(Speech speech) throws IOException {
        Answer answer = post(gateway(speech, events(speech.stream), "stream: always"), CHAT);
        assertEquals(200, answer.status(), answer::body);
        assertIsChat(answer);
        Request asked = stage.requests().getFirst();
        assertEquals(speech.basePath + pathOf(speech, true), asked.head().target());
        stage.awaitLines(1, "tokens=7+2");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("what never streams is unfolded for who waits for events")
    void unfolded(Speech speech) throws IOException {
        Answer answer = post(gateway(speech, json(200, speech.whole), "stream: never"), STREAM);
        assertEquals(200, answer.status(), answer::body);
        assertEquals("Hi there", text(answer));
        assertTrue(answer.body().endsWith("data: [DONE]\n\n"), answer::body);
        Request asked = stage.requests().getFirst();
        assertEquals(speech.basePath + pathOf(speech, false), asked.head().target());
        assertFalse(answer.body().contains("usage\":{"), answer::body);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("U-27 a collected stream that breaks off is no answer: another channel is asked")
    void collectedStreamBreaksOff(Speech speech) throws IOException {
        String bad = speech.channel(1, stage.provider(speech.cut("")), "stream: always");
        String good = Speech.OPENAI.channel(2, stage.provider(json(200, Speech.OPENAI.whole)));
        Answer answer = post(stage.gateway(bad, good).port(), CHAT);
        assertIsChat(answer);
        assertEquals("openai-2", answer.fields().first("x-martlet-channel").orElse(""));
        Answer alone =
                post(stage.gateway(speech.channel(1, stage.provider(speech.cut("")), "stream: always")).port(), CHAT);
        assertEquals(502, alone.status(), alone::body);
        assertEquals("upstream_no_response", code(alone));
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("U-30 an error amid a collected stream is no answer")
    void collectedStreamFails(Speech speech) throws IOException {
        String failing = speech.cut(speech.errorEvent("api_error", "secret-word"));
        Answer answer = post(gateway(speech, failing, "stream: always"), CHAT);
        assertEquals(502, answer.status(), answer::body);
        assertFalse(answer.body().contains("secret-word"), answer::body);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("U-27 a stream without its end closes with OpenAI's error event, and never looks whole")
    void truncated(Speech speech) throws IOException {
        Answer answer = post(gateway(speech, speech.cut("")), STREAM);
        assertEquals("Hi", text(answer));
        assertFalse(answer.complete(), answer::body);
        assertTrue(answer.body().contains("data: {\"error\":{"), answer::body);
        assertFalse(answer.body().contains("[DONE]"), answer::body);
    }

    @ParameterizedTest
    @EnumSource(names = {"ANTHROPIC", "GEMINI"})
    @DisplayName("U-28 of half an event nothing is told")
    void cutInsideAnEvent(Speech speech) throws IOException {
        Answer answer = post(gateway(speech, speech.cut("data: {\"candidates\":[{\"type\":\"cont")), STREAM);
        assertEquals("Hi", text(answer));
        assertFalse(answer.complete(), answer::body);
        assertFalse(answer.body().contains("[DONE]"), answer::body);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("an error amid a stream is OpenAI's error event, and the stream is not complete")
    void errorAmid(Speech speech) throws IOException {
        String type = speech == Speech.ANTHROPIC ? "overloaded_error" : "UNAVAILABLE";
        Answer answer = post(gateway(speech, speech.cut(speech.errorEvent(type, "no more"))), STREAM);
        assertEquals("Hi", text(answer));
        assertEquals("no more", chunks(answer).getLast().at("/error/message").asText(), answer::body);
        assertFalse(answer.complete(), answer::body);
        assertFalse(answer.body().contains("[DONE]"), answer::body);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A-8 one that tells our key is told in words of ours")
    void keyAmid(Speech speech) throws IOException {
        String error = speech.errorEvent("overloaded_error", "no such key: sk-fake-1");
        Answer answer = post(gateway(speech, speech.cut(error)), STREAM);
        assertEquals("Hi", text(answer));
        assertEquals("answer_broken", chunks(answer).getLast().at("/error/code").asText(), answer::body);
        assertFalse(answer.complete(), answer::body);
        assertFalse(answer.body().contains("sk-fake-1"), answer::body);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("U-30 an error in the place of the first event is answered by a channel of another dialect")
    void errorFirst(Speech speech) throws IOException {
        String type = speech == Speech.ANTHROPIC ? "overloaded_error" : "UNAVAILABLE";
        String bad = speech.channel(1, stage.provider(events(speech.errorEvent(type, "no"))));
        Speech next = speech.other();
        String good = next.channel(2, stage.provider(events(next.stream)));
        Answer answer = post(stage.gateway(bad, good).port(), STREAM);
        assertEquals("Hi there", text(answer));
        assertTrue(answer.complete());
        assertEquals("2", answer.fields().first("x-martlet-attempts").orElse(""));
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("U-10 a channel that fails is followed by one that speaks something else")
    void failsOver(Speech speech) throws IOException {
        String bad = speech.channel(1, stage.provider(speech.failure(503, "UNAVAILABLE", "no")));
        Speech next = speech.other();
        String good = next.channel(2, stage.provider(json(200, next.whole)));
        assertIsChat(post(stage.gateway(bad, good).port(), CHAT));
    }

    @ParameterizedTest
    @CsvSource({"OPENAI, invalid_request_error", "ANTHROPIC, invalid_request_error", "GEMINI, INVALID_ARGUMENT"})
    @DisplayName("what a provider says of a bad request is told as OpenAI would tell it, streamed or not")
    void badRequest(Speech speech, String type) throws IOException {
        int port = gateway(speech, speech.failure(400, type, "messages: too few"));
        for (String body : List.of(CHAT, STREAM)) {
            Answer answer = post(port, body);
            assertEquals(400, answer.status(), answer::body);
            assertEquals("application/json", answer.fields().first("Content-Type").orElse(""));
            JsonNode error = JSON.readTree(answer.body()).path("error");
            assertEquals("messages: too few", error.path("message").asText(), answer::body);
            assertEquals("invalid_request_error", error.path("type").asText(), answer::body);
        }
    }

    @ParameterizedTest
    @CsvSource({"OPENAI, 401, invalid_api_key", "ANTHROPIC, 401, authentication_error", "GEMINI, 401, UNAUTHENTICATED"})
    @DisplayName("a key of ours that is refused is nobody's business, the caller's own is told")
    void refusedKey(Speech speech, int status, String type) throws IOException {
        String refused = speech.failure(status, type, "bad key");
        Answer ours = post(gateway(speech, refused), CHAT);
        assertEquals(502, ours.status(), ours::body);
        assertFalse(ours.body().contains("bad key"), ours::body);
        Answer theirs = post(gateway(speech, refused, "keys: from-client"), CHAT, "Authorization: Bearer sk-fake-mine");
        assertEquals(status, theirs.status(), theirs::body);
        assertEquals("bad key", JSON.readTree(theirs.body()).at("/error/message").asText(), theirs::body);
        assertEquals(credential(speech, "sk-fake-mine"), credentials(stage.requests().getLast()));
    }

    @ParameterizedTest
    @CsvSource({"OPENAI, rate_limit_error", "ANTHROPIC, rate_limit_error", "GEMINI, RESOURCE_EXHAUSTED"})
    @DisplayName("who is throttled everywhere is told to wait")
    void throttled(Speech speech, String type) throws IOException {
        Answer answer = post(gateway(speech, speech.failure(429, type, "slow down")), CHAT);
        assertEquals(429, answer.status(), answer::body);
        assertEquals("rate_limit_exceeded", code(answer));
        assertTrue(answer.fields().has("Retry-After"), answer::head);
    }

    @ParameterizedTest
    @EnumSource(names = {"ANTHROPIC", "GEMINI"})
    @DisplayName("U-31 a success without an answer in it is none")
    void noAnswer(Speech speech) throws IOException {
        for (String body : List.of("", "{}", "[]", "\"hi\"", "{\"choices\":[]}", "<html>secret-word</html>")) {
            Answer answer = post(gateway(speech, json(200, body)), CHAT);
            assertEquals(502, answer.status(), body + " " + answer.body());
            assertEquals("upstream_bad_content", code(answer), body);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"data: hello\n\n", "data: {\"type\":1}\n\n", "event: content_block_delta\ndata: {}\n\n"})
    @DisplayName("events of which nothing can be made before anything was told are no answer")
    void garbledEvents(String events) throws IOException {
        Answer answer = post(gateway(Speech.ANTHROPIC, events(events)), STREAM);
        assertEquals(502, answer.status(), answer::body);
    }

    @ParameterizedTest
    @EnumSource(names = {"ANTHROPIC", "GEMINI"})
    @DisplayName("C-10, C-11, C-13 what nobody would understand is refused in so many words, however it is put")
    void hostileBodies(Speech speech) throws IOException {
        int port = gateway(speech, json(200, speech.whole));
        String deep = "[".repeat(900) + "]".repeat(900);
        List<String> members =
                List.of(
                        "\"messages\":null",
                        "\"messages\":{}",
                        "\"messages\":[1,null,[]]",
                        "\"messages\":[{\"role\":1,\"content\":2}]",
                        "\"messages\":[{\"role\":\"user\",\"content\":" + deep + "}]",
                        "\"messages\":[{\"role\":\"tool\",\"content\":[{}]}]",
                        "\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"tools\":5,\"stop\":{},\"n\":[]",
                        "\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"stream\":\"true\"");
        for (String member : members) {
            Answer answer = post(port, "{\"model\":\"m\"," + member + "}");
            assertEquals(400, answer.status(), () -> member + " " + answer.body());
            assertFalse(code(answer).isEmpty(), answer::body);
            assertFalse(JSON.readTree(answer.body()).at("/error/param").isMissingNode(), answer::body);
        }
        assertEquals(0, stage.requests().size());
        for (String number : List.of("1e9999", "9".repeat(999), "-0.0e-9999")) {
            String body = CHAT.replace(":9}", ":" + number + "}");
            int status = post(port, body).status(); // the provider says what is wrong with it
            assertTrue(status == 200 || status == 400, () -> number + " " + status);
        }
    }

    @Test
    @DisplayName("U-29 an event of 5 MB is no part of an answer, and passes through where nothing is translated")
    void hugeEvents() throws IOException {
        for (Speech speech : Speech.values()) {
            String huge = speech.stream.replace(" there", "x".repeat(5 << 20));
            Answer whole = post(gateway(speech, events(huge), "stream: always"), CHAT);
            assertEquals(502, whole.status(), speech.word());
            Answer stream = post(gateway(speech, events(huge)), STREAM);
            assertEquals(speech == Speech.OPENAI, stream.complete(), speech.word());
        }
    }

    @Test
    @DisplayName("U-29 events in any line ends, byte by byte, with comments between them")
    void anyFraming() throws IOException {
        for (Speech speech : Speech.values()) {
            String crlf = ": comment\r\n\r\n" + speech.stream.replace("\n", "\r\n");
            FakeProvider provider =
                    stage.playing(peer -> {
                        while (peer.request()) {
                            peer.send(
                                    """
                                    HTTP/1.1 200 OK\r
                                    Content-Type: text/event-stream\r
                                    Transfer-Encoding: chunked\r
                                    \r
                                    """);
                            for (int i = 0; i < crlf.length(); i++) peer.send("1\r\n" + crlf.charAt(i) + "\r\n");
                            peer.send("0\r\n\r\n");
                        }
                    });
            Answer answer = post(stage.gateway(speech.channel(1, provider)).port(), STREAM);
            assertEquals("Hi there", text(answer), speech.word());
            assertTrue(answer.complete(), speech.word());
        }
    }

    @Test
    @DisplayName(
            "what cannot be said in one dialect is asked of a channel that speaks another, and refused where there is"
                    + " none")
    void whatOneCannotSay() throws IOException {
        String two = CHAT.replace("\"max_tokens\"", "\"n\":2,\"max_tokens\"");
        FakeProvider anthropic = stage.provider(json(200, Speech.ANTHROPIC.whole));
        FakeProvider openai = stage.provider(json(200, Speech.OPENAI.whole));
        Answer alone = post(stage.gateway(Speech.ANTHROPIC.channel(1, anthropic)).port(), two);
        assertEquals(400, alone.status(), alone::body);
        assertEquals("n", JSON.readTree(alone.body()).at("/error/param").asText(), alone::body);
        assertEquals(0, anthropic.connections());
        String both = Speech.ANTHROPIC.channel(1, anthropic) + Speech.OPENAI.channel(2, openai);
        assertIsChat(post(stage.gateway(both).port(), two));
        assertEquals(0, anthropic.connections());
    }

    @Test
    @DisplayName("what is dropped is named")
    void dropped() throws IOException {
        String body = CHAT.replace("\"max_tokens\"", "\"logit_bias\":{\"1\":2},\"max_tokens\"");
        Answer answer = post(gateway(Speech.ANTHROPIC, json(200, Speech.ANTHROPIC.whole)), body);
        assertEquals("logit_bias", answer.fields().first("x-martlet-dropped").orElse(""), answer::head);
    }

    @ParameterizedTest(name = "what is dropped is named, also when no header line can hold it: {0}")
    @CsvSource({
        "\u043a\u043b\u044e\u0447, ????",
        "a\\r\\nx-evil: 1, a??x-evil: 1",
        "\\u010ax-evil: 1, ?x-evil: 1",
        "\\u0000, ?"
    })
    void droppedByOddName(String name, String shown) throws IOException {
        String body = CHAT.replace("\"max_tokens\"", "\"" + name + "\":1,\"max_tokens\"");
        Answer answer = post(gateway(Speech.ANTHROPIC, json(200, Speech.ANTHROPIC.whole)), body);
        assertEquals(200, answer.status(), answer::head);
        assertEquals(List.of(shown), answer.fields().all("x-martlet-dropped"), answer::head);
        assertFalse(answer.fields().has("x-evil"), answer::head);
    }

    @Test
    @DisplayName("fields of Anthropic's reach Anthropic alone, and those of OpenAI's accounts nobody else")
    void headers() throws IOException {
        String[] fields = {"anthropic-beta: tools-1", "OpenAI-Organization: org", "Authorization: Bearer sk-fake-mine"};
        post(gateway(Speech.ANTHROPIC, json(200, Speech.ANTHROPIC.whole), "keys: from-client"), CHAT, fields);
        Request anthropic = stage.requests().getLast();
        assertEquals("tools-1", anthropic.head().fields().first("anthropic-beta").orElse(""));
        assertEquals(List.of("2023-06-01"), anthropic.head().fields().all("anthropic-version"));
        assertEquals(List.of("application/json"), anthropic.head().fields().all("Content-Type"));
        assertFalse(anthropic.head().fields().has("OpenAI-Organization"));
        assertFalse(anthropic.head().fields().has("Authorization"));
        post(gateway(Speech.OPENAI, json(200, Speech.OPENAI.whole), "keys: from-client"), CHAT, fields);
        Request openai = stage.requests().getLast();
        assertFalse(openai.head().fields().has("anthropic-beta"));
        assertEquals("org", openai.head().fields().first("OpenAI-Organization").orElse(""));
    }

    @Test
    @DisplayName("of a channel that speaks several dialects the caller's own is used")
    void ownDialectFirst() throws IOException {
        FakeProvider openai = stage.provider(json(200, Speech.OPENAI.whole));
        FakeProvider anthropic = stage.provider(json(200, Speech.ANTHROPIC.whole));
        String channel =
                """
                  - name: both
                    dialect:
                      - anthropic: http://127.0.0.1:%d
                      - openai: http://127.0.0.1:%d
                    keys: [sk-fake]
                """
                        .formatted(anthropic.port(), openai.port());
        assertIsChat(post(stage.gateway(channel).port(), CHAT));
        assertEquals(0, anthropic.connections());
        assertEquals(List.of("Bearer sk-fake"), stage.requests().getFirst().head().fields().all("Authorization"));
    }

    @ParameterizedTest
    @CsvSource({
        "gpt-4o, gemini-2.5-pro",
        "gpt-4, gemini-2.5-pro",
        "gpt-3.5-turbo, gemini-2.5-flash",
        "whatever, gemini-2.5-flash",
        "gemini-2.0-flash, gemini-2.0-flash",
        "mine, gemini-9"
    })
    @DisplayName("seed 002: with the caller's key OpenAI's models stand for Gemini's, and aliases win")
    void modelTable(String asked, String model) throws IOException {
        FakeProvider provider = stage.provider(json(200, Speech.GEMINI.whole));
        String channel = Speech.GEMINI.channel(1, provider, "keys: from-client");
        int port = stage.gateway("aliases: {mine: gemini-9}\n", Map.of(), channel).port();
        Answer answer = post(port, CHAT.replace("\"m\"", "\"" + asked + "\""), "Authorization: Bearer k1");
        assertEquals(asked, JSON.readTree(answer.body()).path("model").asText(), answer::body);
        assertEquals("/v1beta/models/" + model + ":generateContent", stage.requests().getFirst().head().target());
    }

    @Test
    @DisplayName("an answer that is larger than may be held is refused clearly, whole or in events")
    void beyondBound() throws IOException {
        String large = Speech.ANTHROPIC.whole.replace("Hi there", "x".repeat(100_000));
        String yaml = "server: {host: 127.0.0.1, port: 0, limits: {request-body: 64KiB}}\n";
        String whole = Speech.ANTHROPIC.channel(1, stage.provider(json(200, large)));
        Answer answer = post(stage.gateway(yaml, Map.of(), whole).port(), CHAT);
        assertEquals(502, answer.status(), answer::body);
        assertEquals("answer_beyond_bound", code(answer));
        String events = Speech.OPENAI.stream.replace(" there", "x".repeat(100_000));
        String stream = Speech.OPENAI.channel(1, stage.provider(events(events)), "stream: always");
        Answer gathered = post(stage.gateway(yaml, Map.of(), stream).port(), CHAT);
        assertEquals(502, gathered.status(), gathered::body);
        assertEquals("answer_beyond_bound", code(gathered));
        String event = Speech.OPENAI.stream.split("\n\n", -1)[1].replace(" there", "x".repeat(10_000)) + "\n\n";
        String alike = Speech.OPENAI.channel(1, stage.provider(events(event.repeat(50))), "stream: always");
        Answer equal = post(stage.gateway(yaml, Map.of(), alike).port(), CHAT);
        assertEquals(502, equal.status(), equal::body);
        assertEquals("answer_beyond_bound", code(equal));
    }

    private int gateway(Speech speech, String answer, String... lines) {
        return stage.gateway(speech.channel(1, stage.provider(answer), lines)).port();
    }

    private static String pathOf(Speech speech, boolean stream) {
        return switch (speech) {
            case OPENAI -> "/chat/completions";
            case ANTHROPIC -> "/messages";
            case GEMINI -> "/models/m:" + (stream ? "streamGenerateContent?alt=sse" : "generateContent");
        };
    }

    private static List<String> credential(Speech speech, String key) {
        return switch (speech) {
            case OPENAI -> List.of("Bearer " + key, "", "");
            case ANTHROPIC -> List.of("", key, "");
            case GEMINI -> List.of("", "", key);
        };
    }

    private static List<String> credentials(Request asked) {
        return List.of("Authorization", "x-api-key", "x-goog-api-key").stream()
                .map(name -> asked.head().fields().first(name).orElse(""))
                .toList();
    }

    private static void assertIsChat(Answer answer) throws IOException {
        JsonNode chat = JSON.readTree(answer.body());
        assertEquals("chat.completion", chat.path("object").asText(), answer::body);
        assertEquals("m", chat.path("model").asText(), answer::body);
        assertEquals("Hi there", chat.at("/choices/0/message/content").asText(), answer::body);
        assertEquals("stop", chat.at("/choices/0/finish_reason").asText(), answer::body);
        assertEquals(7, chat.at("/usage/prompt_tokens").asInt(), answer::body);
        assertEquals(2, chat.at("/usage/completion_tokens").asInt(), answer::body);
    }

    private static List<JsonNode> chunks(Answer answer) throws IOException {
        List<JsonNode> chunks = new ArrayList<>();
        for (String line : answer.body().split("\n", -1)) {
            if (line.startsWith("data: {")) chunks.add(JSON.readTree(line.substring("data: ".length())));
        }
        return chunks;
    }

    private static String text(Answer answer) throws IOException {
        StringBuilder text = new StringBuilder();
        for (JsonNode chunk : chunks(answer)) {
            if (chunk.has("error")) continue;
            assertEquals("m", chunk.path("model").asText(), answer::body);
            text.append(chunk.at("/choices/0/delta/content").asText(""));
        }
        return text.toString();
    }
}
