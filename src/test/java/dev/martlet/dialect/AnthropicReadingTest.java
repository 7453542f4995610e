package dev.martlet.dialect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.martlet.Dialect;
import dev.martlet.Fields;
import dev.martlet.Operation;
import dev.martlet.Operation.Kind;
import dev.martlet.Usage;
import dev.martlet.dialect.StreamReading.Seen;
import dev.martlet.wire.Json;
import dev.martlet.wire.JsonTree;
import dev.martlet.wire.Span;
import dev.martlet.wire.SseEvent;
import dev.martlet.wire.SseReader;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

@DisplayName("What an Anthropic channel sends")
class AnthropicReadingTest {
    private static final String STREAM =
            """
            event: message_start
            data: {"type":"message_start","message":{"model":"claude","usage":{"input_tokens":5,"cache_read_input_tokens":3,"output_tokens":1}}   }

            event: ping
            data: {"type": "ping"}

            event: content_block_start
            data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}      }

            event: content_block_delta
            data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi"}      }

            event: content_block_stop
            data: {"type":"content_block_stop","index":0   }

            event: message_delta
            data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":7,"output_tokens_details":{"thinking_tokens":2}}}

            event: message_stop
            data: {"type":"message_stop"        }

            """;

    @Test
    void countsTokensFromItsBeginningToItsEnd() throws IOException {
        StreamReading reading = reading();
        assertEquals("[Meta, Meta, Meta, Content, Meta, Content, Terminal]", read(reading, STREAM).toString());
        assertTrue(reading.complete());
        assertEquals(Optional.of(new Usage(8, 3, 7, 2)), reading.usage());
    }

    @Test
    @DisplayName("is complete with message_stop only (U-27)")
    void isCompleteAtItsEndOnly() throws IOException {
        StreamReading reading = reading();
        read(reading, STREAM.substring(0, STREAM.indexOf("event: message_stop")));
        assertFalse(reading.complete());
        read(reading, "data: [DONE]\n\n");
        assertFalse(reading.complete());
    }

    @Test
    void namesTheModelWhereItBegins() throws IOException {
        SseReader reader = new SseReader(new ByteArrayInputStream(STREAM.getBytes(UTF_8))::read);
        SseEvent event = reader.next().orElseThrow();
        assertTrue(
                reading().read(event) instanceof Seen.Meta(Optional<Span> model)
                        && model.isPresent()
                        && new String(event.replaced(model.get(), Json.string("mine")), UTF_8)
                                .contains("\"model\":\"mine\""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"type\":\"content_block_start\",\"content_block\":{\"type\":\"thinking\",\"thinking\":\"\"}}|Meta",
                "{\"type\":\"content_block_start\",\"content_block\":{\"type\":\"text\",\"text\":\"x\"}}|Content",
                "{\"type\":\"content_block_start\",\"content_block\":{\"type\":\"tool_use\",\"id\":\"a\"}}|Content",
                "{\"type\":\"content_block_start\",\"content_block\":{\"type\":\"redacted_thinking\"}}|Content",
                "{\"type\":\"something_new\"}|Content",
                "{\"type\":\"content_block_de|Content",
                "[1]|Content",
                "hello|Content"
            })
    void saysWhatAnEventIsFor(String data, String expected) throws IOException {
        assertEquals("[" + expected + "]", read(reading(), "data: " + data + "\n\n").toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "overloaded_error|Overloaded|Failed[status=529, pause=Optional.empty]",
                "api_error|Internal server error|Failed[status=500, pause=Optional.empty]",
                "timeout_error|x|Failed[status=504, pause=Optional.empty]",
                "rate_limit_error|x|Throttled[pause=Optional.empty, quotaGone=false]",
                "authentication_error|invalid x-api-key|KeyRefused[status=401]",
                "invalid_request_error|x|Refused[status=400]",
                "something_new|x|Failed[status=500, pause=Optional.empty]"
            })
    @DisplayName("may say that it failed, with a status of 200 (U-30)")
    void maySayThatItFailed(String type, String message, String expected) throws IOException {
        StreamReading reading = reading();
        String error = error(type, message);
        assertEquals(
                "[Failure[signal=" + expected + "]]",
                read(reading, "event: error\ndata: " + error + "\n\n").toString());
        read(reading, STREAM);
        assertFalse(reading.complete());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "400|invalid_request_error|max_tokens: required|Refused[status=400]|invalid_request",
                "400|invalid_request_error|prompt is too long: 9 tokens >"
                        + " 8|Refused[status=400]|context_length_exceeded",
                "400|invalid_request_error|Your credit balance is too low to access|Throttled[pause=Optional.empty,"
                        + " quotaGone=true]|insufficient_quota",
                "400|invalid_request_error|You have reached your specified API usage limits.|Throttled["
                        + "pause=Optional.empty, quotaGone=true]|insufficient_quota",
                "400|invalid_request_error|messages: your credit balance is too"
                        + " low|Refused[status=400]|invalid_request",
                "400|invalid_request_error|This organization has been disabled.|KeyRefused[status=400]|invalid_api_key",
                "401|authentication_error|invalid x-api-key|KeyRefused[status=401]|invalid_api_key",
                "402|billing_error|x|Throttled[pause=Optional.empty, quotaGone=true]|insufficient_quota",
                "403|permission_error|x|KeyForbidden[status=403]|permission_denied",
                "404|not_found_error|model: claude-9|ModelUnknown[status=404]|model_not_found",
                "404|not_found_error|File not found|Refused[status=404]|not_found_error",
                "413|request_too_large|x|Refused[status=413]|request_too_large",
                "429|rate_limit_error|x|Throttled[pause=Optional.empty, quotaGone=false]|rate_limit_exceeded",
                "429|rate_limit_error|Number of requests has exceeded your daily rate limit|Throttled["
                        + "pause=Optional.empty, quotaGone=true]|quota_exceeded",
                "500|api_error|x|Failed[status=500, pause=Optional.empty]|api_error",
                "504|timeout_error|x|Failed[status=504, pause=Optional.empty]|timeout_error",
                "529|overloaded_error|x|Failed[status=529, pause=Optional.empty]|overloaded_error"
            })
    @DisplayName("is an error whose type has its status, there and back")
    void isAnError(int status, String type, String message, String signal, String code) {
        byte[] body = error(type, message).getBytes(UTF_8);
        assertEquals(signal, answer(status, body).signal().toString());
        ObjectNode error = (ObjectNode) JsonTree.read(body).orElseThrow();
        ObjectNode hub = AnthropicErrors.toHub(status, error);
        assertEquals(code, hub.at("/error/code").asText());
        assertEquals(message, hub.at("/error/message").asText());
        assertEquals(error, AnthropicErrors.fromHub(status, hub));
    }

    @ParameterizedTest
    @CsvSource({"400,invalid_request_error", "422,invalid_request_error", "502,api_error", "503,overloaded_error"})
    void hasATypeForEveryStatus(int status, String type) {
        ObjectNode hub = (ObjectNode) JsonTree.read("{\"error\":\"no\"}".getBytes(UTF_8)).orElseThrow();
        assertEquals(type, AnthropicErrors.fromHub(status, hub).at("/error/type").asText());
        assertEquals("no", AnthropicErrors.fromHub(status, hub).at("/error/message").asText());
    }

    @Test
    void countsTheTokensOfTheCacheOnce() {
        String body =
                "{\"type\":\"message\",\"model\":\"claude\",\"content\":[],\"usage\":{\"input_tokens\":1,"
                        + "\"cache_creation_input_tokens\":20,\"cache_read_input_tokens\":300,\"output_tokens\":4}}";
        AnswerReading reading = answer(200, body.getBytes(UTF_8));
        assertEquals("Good[status=200]", reading.signal().toString());
        assertEquals(Optional.of(new Usage(321, 300, 4, 0)), reading.usage());
        assertEquals(body.indexOf("\"claude\""), reading.model().orElseThrow().from());
    }

    private static AnswerReading answer(int status, byte[] body) {
        Operation operation = new Operation(Kind.CHAT, "/messages");
        return AnswerReading.of(
                new AnswerReading.Answered(Dialect.ANTHROPIC, operation, status, Fields.NONE, body, true, true),
                Instant.EPOCH);
    }

    private static String error(String type, String message) {
        return "{\"type\":\"error\",\"error\":{\"type\":\"" + type + "\",\"message\":\"" + message + "\"}}";
    }

    private static StreamReading reading() {
        return StreamReading.of(Dialect.ANTHROPIC, true);
    }

    private static List<String> read(StreamReading reading, String stream) throws IOException {
        SseReader reader = new SseReader(new ByteArrayInputStream(stream.getBytes(UTF_8))::read);
        List<String> seen = new ArrayList<>();
        for (Optional<SseEvent> one = reader.next(); one.isPresent(); one = reader.next()) {
            Seen what = reading.read(one.get());
            seen.add(what instanceof Seen.Failure ? what.toString() : StreamReadingTest.word(what));
        }
        return seen;
    }
}
