package dev.martlet.dialect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.martlet.Dialect;
import dev.martlet.Fields;
import dev.martlet.Operation;
import dev.martlet.Operation.Kind;
import dev.martlet.Signal;
import dev.martlet.Usage;
import dev.martlet.dialect.AnswerReading.Answered;
import dev.martlet.dialect.StreamReading.Seen;
import dev.martlet.wire.Json;
import dev.martlet.wire.JsonTree;
import dev.martlet.wire.Span;
import dev.martlet.wire.SseEvent;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// JSON is written with single quotes here.
@DisplayName("What a Gemini channel sends")
class GeminiReadingTest {
    private static final String DAILY =
            "{'@type':'type.googleapis.com/google.rpc.QuotaFailure','violations':[{'quotaId':'RequestsPerMinute'},"
                    + "{'quotaId':'GenerateRequestsPerDayPerProjectPerModel-FreeTier'}]}";
    private static final String BAD_KEY =
            "{'@type':'type.googleapis.com/google.rpc.ErrorInfo','reason':'API_KEY_INVALID','domain':'googleapis.com'}";

    private static AnswerReading answer(int status, String body) {
        byte[] bytes = body.replace('\'', '"').getBytes(UTF_8);
        Operation operation = new Operation(Kind.CHAT, "/x");
        Fields head = Fields.of("Content-Type", "text/html", "Retry-After", "9");
        return AnswerReading.of(
                new Answered(Dialect.GEMINI, operation, status, head, bytes, true, true), Instant.EPOCH);
    }

    private static String error(String word, String message, String details) {
        return "{'error':{'code':0,'message':'" + message + "','status':'" + word + "','details':[" + details + "]}}";
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "400|INVALID_ARGUMENT|no|Refused[status=400]",
                "400|INVALID_ARGUMENT|API key not valid. Please pass a valid API key.|KeyRefused[status=400]",
                "400|INVALID_ARGUMENT|you said: API key not valid|Refused[status=400]",
                "400|FAILED_PRECONDITION|User location is not supported|Refused[status=400]",
                "401|UNAUTHENTICATED|no|KeyRefused[status=401]",
                "403|PERMISSION_DENIED|no|KeyForbidden[status=403]",
                "404|NOT_FOUND|models/x is not found for API version v1beta|ModelUnknown[status=404]",
                "404|NOT_FOUND|Publisher Model `x` not found.|ModelUnknown[status=404]",
                "404|NOT_FOUND|cachedContents/x is not found|Refused[status=404]",
                "408|x|no|Postponed[status=408]",
                "413|INVALID_ARGUMENT|no|Refused[status=413]",
                "429|RESOURCE_EXHAUSTED|no|Throttled[pause=Optional[PT9S], quotaGone=false]",
                "499|CANCELLED|no|Refused[status=499]",
                "500|INTERNAL|no|Failed[status=500, pause=Optional[PT9S]]",
                "503|UNAVAILABLE|no|Failed[status=503, pause=Optional[PT9S]]"
            })
    void means(int status, String word, String message, String expected) {
        assertEquals(expected, answer(status, error(word, message, "")).signal().toString());
    }

    @Test
    @DisplayName("refuses a key with 400, and only a key of the channel's own is blamed")
    void badKeys() {
        String body = error("INVALID_ARGUMENT", "x", BAD_KEY);
        assertEquals(new Signal.KeyRefused(400), answer(400, body).signal());
        Json json = Json.read(body.replace('\'', '"').getBytes(UTF_8), GeminiAnswerForm.TOP);
        ErrorReading reading = GeminiErrorReading.of(json);
        assertEquals(new Signal.Refused(400), reading.signal(400, Optional.empty(), false));
        assertEquals(new Signal.Refused(401), reading.signal(401, Optional.empty(), false));
        assertEquals(new Signal.Refused(403), reading.signal(403, Optional.empty(), false));
    }

    @ParameterizedTest
    @CsvSource({
        "34.4s, PT34.4S",
        "7s, PT7S",
        "0.000000001s, PT0S",
        "1.5, PT9S",
        "999999999999999999s, PT9S",
        "s, PT9S",
        "-1s, PT9S"
    })
    @DisplayName("says in RetryInfo how long to wait, else in the head")
    void pauses(String delay, String expected) {
        String info = "{'@type':'type.googleapis.com/google.rpc.RetryInfo','retryDelay':'" + delay + "'}";
        assertEquals(
                "Throttled[pause=Optional[" + expected + "], quotaGone=false]",
                answer(429, error("RESOURCE_EXHAUSTED", "x", info)).signal().toString());
    }

    @ParameterizedTest
    @CsvSource({"5s, Optional.empty", "599s, Optional.empty", "41400s, Optional[PT11H30M]"})
    @DisplayName("has no quota left for the day: a short wait is another limit's")
    void dailyQuota(String delay, String pause) {
        String details = DAILY + ",{'retryDelay':'" + delay + "'}";
        assertEquals(
                "Throttled[pause=" + pause + ", quotaGone=true]",
                answer(429, error("RESOURCE_EXHAUSTED", "x", details)).signal().toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  "})
    @DisplayName("knows no such path, and says so with an empty page: the model stands in the path")
    void emptyPage(String body) {
        assertEquals(new Signal.ModelUnknown(404), answer(404, body).signal());
        assertFalse(answer(404, body).page());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'error':{'code':503,'status':'UNAVAILABLE'}}|Failed[status=503, pause=Optional[PT9S]]",
                "[{'error':{'code':429}}]|Throttled[pause=Optional[PT9S], quotaGone=false]",
                "{'error':{'status':'INTERNAL'}}|Failed[status=500, pause=Optional[PT9S]]",
                "{'error':'no'}|Nonsense[cause=ERROR_BODY]",
                "{'error':{}}|Good[status=200]",
                "{}|Nonsense[cause=EMPTY]",
                "`  `|Nonsense[cause=EMPTY]",
                "{'candidates':[|Nonsense[cause=TRUNCATED]",
                "hello|Nonsense[cause=NOT_JSON]",
                "<html>|Nonsense[cause=HTML]",
                "{'candidates':[{}]}|Good[status=200]"
            })
    @DisplayName("may say success and mean something else (U-31)")
    void nonsense(String body, String expected) {
        assertEquals(expected, answer(200, body).signal().toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'promptTokenCount':9,'candidatesTokenCount':2,'totalTokenCount':11|9/0/2/0",
                "'promptTokenCount':9,'cachedContentTokenCount':4,'candidatesTokenCount':2,'thoughtsTokenCount':5,"
                        + "'totalTokenCount':16|9/4/7/5",
                "'promptTokenCount':9,'thoughtsTokenCount':5|9/0/5/5",
                "'promptTokenCount':9,'toolUsePromptTokenCount':10,'candidatesTokenCount':1,'totalTokenCount':20|19/0/1/0",
                // one that counts what was thought among what was said
                "'promptTokenCount':801,'candidatesTokenCount':1519,'thoughtsTokenCount':794,"
                        + "'totalTokenCount':2320|801/0/1519/794",
                "'promptTokenCount':-1,'candidatesTokenCount':1.5,'thoughtsTokenCount':'x'|0/0/0/0",
                "'promptTokenCount':99999999999|0/0/0/0"
            })
    @DisplayName("counts tokens; the hub is told the same")
    void tokens(String counts, String expected) throws Garbled {
        String body = "{'candidates':[],'modelVersion':'g','usageMetadata':{" + counts + "}}";
        Usage usage = answer(200, body).usage().orElseThrow();
        assertEquals(expected, usage.input() + "/" + usage.cached() + "/" + usage.output() + "/" + usage.reasoning());
        ObjectNode tree = (ObjectNode) JsonTree.read(body.replace('\'', '"').getBytes(UTF_8)).orElseThrow();
        ObjectNode hub = GeminiAnswer.toHub(tree, new Heading("id", 1, "m", true));
        assertEquals(usage, UsageReading.of(Json.read(JsonTree.write(hub), Answers.TOP).members()).orElseThrow());
    }

    private static List<Seen> read(StreamReading reading, String... events) throws IOException {
        List<Seen> seen = new ArrayList<>();
        for (String data : events) {
            String stream = "data: " + data.replace('\'', '"') + "\r\n\r\n";
            for (SseEvent event : StreamReadingTest.events(stream)) seen.add(reading.read(event));
        }
        return seen;
    }

    private static StreamReading reading() {
        return StreamReading.of(Dialect.GEMINI, true);
    }

    @Test
    @DisplayName("event by event is complete when all that began has its reason (U-27)")
    void complete() throws IOException {
        StreamReading reading = reading();
        read(
                reading,
                "{'candidates':[{'content':{'parts':[{'text':'a'}]}}],'usageMetadata':{'promptTokenCount':1}}",
                "{'candidates':[{'index':1,'content':{'parts':[{'text':'b'}]},'finishReason':'STOP'}]}");
        assertFalse(reading.complete());
        read(reading, "{'candidates':[{'finishReason':'SAFETY'}],'usageMetadata':{'promptTokenCount':2}}");
        assertTrue(reading.complete());
        assertEquals(Optional.of(new Usage(2, 0, 0, 0)), reading.usage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "''", "0", "'FINISH_REASON_UNSPECIFIED'"})
    void isNotCompleteWithoutAReason(String reason) throws IOException {
        StreamReading reading = reading();
        read(reading, "{'candidates':[{'content':{'parts':[{'text':'a'}]},'finishReason':" + reason + "}]}");
        assertFalse(reading.complete());
    }

    @Test
    void isCompleteWhenThePromptWasBlocked() throws IOException {
        StreamReading reading = reading();
        assertFalse(reading.complete(), "before anything came");
        assertEquals("[Content]", words(read(reading, "{'promptFeedback':{'blockReason':'OTHER'}}")));
        assertTrue(reading.complete());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'candidates':[{'content':{'parts':[{'text':'a'}]}}]}|[Content]",
                "{'candidates':[{'content':{'parts':[{'text':''}]}}]}|[Meta]",
                "{'candidates':[{'content':{'parts':[{'text':'','thoughtSignature':'S'}]}}]}|[Meta]",
                "{'candidates':[{'content':{'parts':[{'functionCall':{'name':'f'}}]}}]}|[Content]",
                "{'candidates':[{'content':{'role':'model'}}]}|[Meta]",
                "{'candidates':[{'finishReason':1}]}|[Content]",
                "{'usageMetadata':{'promptTokenCount':1}}|[Meta]",
                "{'candidates':[{'cont|[Content]",
                "{'candidates':5}|[Meta]",
                "hello|[Content]",
                "[]|[Meta]"
            })
    void saysWhatAnEventIsFor(String data, String expected) throws IOException {
        assertEquals(expected, words(read(reading(), data)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'error':{'code':503,'status':'UNAVAILABLE'}}|Failed[status=503, pause=Optional.empty]",
                "[{'error':{'code':400,'details':[{'reason':'API_KEY_INVALID'}]}}]|KeyRefused[status=400]",
                "{'error':{'status':'RESOURCE_EXHAUSTED'}}|Throttled[pause=Optional.empty, quotaGone=false]",
                "{'error':'no'}|Failed[status=500, pause=Optional.empty]"
            })
    @DisplayName("may say event by event that it failed, with a status of 200 (U-30)")
    void failures(String data, String expected) throws IOException {
        StreamReading reading = reading();
        assertEquals("[Failure[signal=" + expected + "]]", read(reading, data).toString());
        read(reading, "{'candidates':[{'finishReason':'STOP'}]}");
        assertFalse(reading.complete());
    }

    @Test
    void namesTheModelInEveryEvent() throws IOException {
        SseEvent event = StreamReadingTest.events("data: {\"candidates\":[{}],\"modelVersion\":\"g\"}\n\n").getFirst();
        assertTrue(
                reading().read(event) instanceof Seen.Meta(Optional<Span> model)
                        && model.isPresent()
                        && new String(event.replaced(model.get(), Json.string("mine")), UTF_8)
                                .contains("\"modelVersion\":\"mine\""));
    }

    private static String words(List<Seen> seen) {
        return seen.stream().map(StreamReadingTest::word).toList().toString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "400|INVALID_ARGUMENT||invalid_request_error|invalid_argument",
                "400|FAILED_PRECONDITION||invalid_request_error|failed_precondition",
                "400|INVALID_ARGUMENT|" + BAD_KEY + "|authentication_error|invalid_api_key",
                "401|UNAUTHENTICATED||authentication_error|invalid_api_key",
                "403|PERMISSION_DENIED||permission_error|permission_denied",
                "404|NOT_FOUND||invalid_request_error|not_found",
                "429|RESOURCE_EXHAUSTED||rate_limit_error|rate_limit_exceeded",
                "429|RESOURCE_EXHAUSTED|" + DAILY + "|rate_limit_error|insufficient_quota",
                "500|INTERNAL||server_error|internal",
                "503|UNAVAILABLE||server_error|unavailable",
                "504|DEADLINE_EXCEEDED||server_error|deadline_exceeded"
            })
    @DisplayName("as an error is one of the hub's, and comes back as it was")
    void errors(int status, String word, String details, String type, String code) {
        String list = details == null ? "" : ",'details':[" + details + "]";
        String written = "{'error':{'code':" + status + ",'message':'no','status':'" + word + "'" + list + "}}";
        ObjectNode error = (ObjectNode) JsonTree.read(written.replace('\'', '"').getBytes(UTF_8)).orElseThrow();
        ObjectNode hub = GeminiErrors.toHub(status, error);
        assertEquals("no", hub.at("/error/message").asText());
        assertEquals(type, hub.at("/error/type").asText());
        assertEquals(code, hub.at("/error/code").asText());
        assertTrue(hub.path("error").has("param"));
        assertEquals(error, GeminiErrors.fromHub(status, hub));
    }

    @ParameterizedTest
    @CsvSource({
        "models/x is not found for API version v1beta, model_not_found",
        "Publisher Model `x` not found., model_not_found",
        "CachedContent not found (or permission denied), not_found"
    })
    @DisplayName("as an error says what is not there")
    void notFound(String message, String code) {
        ObjectNode error = JsonNodeFactory.instance.objectNode();
        error.putObject("error").put("code", 404).put("message", message).put("status", "NOT_FOUND");
        assertEquals(code, GeminiErrors.toHub(404, error).at("/error/code").asText());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'error':'plain'}|plain",
                "{'message':'at the top'}|at the top",
                "{'error':{}}|The provider answered with status 418",
                "{'error':[1]}|The provider answered with status 418",
                "{}|The provider answered with status 418"
            })
    @DisplayName("as an error may have any form")
    void strangeErrors(String written, String message) {
        ObjectNode error = (ObjectNode) JsonTree.read(written.replace('\'', '"').getBytes(UTF_8)).orElseThrow();
        assertEquals(message, GeminiErrors.toHub(418, error).at("/error/message").asText());
        assertEquals(message, GeminiErrors.fromHub(418, error).at("/error/message").asText());
    }

    @ParameterizedTest
    @CsvSource({
        "400, INVALID_ARGUMENT",
        "401, UNAUTHENTICATED",
        "402, RESOURCE_EXHAUSTED",
        "403, PERMISSION_DENIED",
        "404, NOT_FOUND",
        "408, DEADLINE_EXCEEDED",
        "409, ABORTED",
        "413, INVALID_ARGUMENT",
        "429, RESOURCE_EXHAUSTED",
        "500, INTERNAL",
        "501, UNIMPLEMENTED",
        "502, UNAVAILABLE",
        "503, UNAVAILABLE",
        "504, DEADLINE_EXCEEDED",
        "529, UNAVAILABLE"
    })
    @DisplayName("in the place of another's error says what it is in Google's words")
    void words(int status, String word) {
        ObjectNode hub =
                JsonTree.read("{\"error\":{\"message\":\"x\",\"type\":\"y\"}}".getBytes(UTF_8))
                        .map(ObjectNode.class::cast)
                        .orElseThrow();
        assertEquals(word, GeminiErrors.fromHub(status, hub).at("/error/status").asText());
        assertEquals(status, GeminiErrors.fromHub(status, hub).at("/error/code").asInt());
    }
}
