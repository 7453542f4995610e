package dev.martlet.dialect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.martlet.Dialect;
import dev.martlet.Fields;
import dev.martlet.Operation.Kind;
import dev.martlet.Usage;
import dev.martlet.dialect.AnswerReading.Answered;
import dev.martlet.wire.Span;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

@DisplayName("An answer of the OpenAI dialect")
class AnswerReadingTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @ParameterizedTest(name = "{0} {1} -> {2}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "200|{\"choices\":[]}|Good[status=200]",
                "201|{\"id\":\"x\"}|Good[status=201]",
                "200|{\"error\":null,\"id\":\"x\"}|Good[status=200]",
                "200|{\"error\":\"\",\"id\":\"x\"}|Good[status=200]",
                "200|{\"error\":{},\"id\":\"x\"}|Good[status=200]",
                "200|{\"error\":false,\"id\":\"x\"}|Good[status=200]",
                "200|  {\"id\":\"x\"} |Good[status=200]",
                "200|[{\"index\":0}]|Good[status=200]",
                "200|``|Nonsense[cause=EMPTY]",
                "204|``|Nonsense[cause=EMPTY]",
                "200|` `|Nonsense[cause=EMPTY]",
                "200|{}|Nonsense[cause=EMPTY]",
                "200|[]|Nonsense[cause=EMPTY]",
                "200|null|Nonsense[cause=EMPTY]",
                "200|\"\"|Nonsense[cause=EMPTY]",
                "200|\"ok\"|Nonsense[cause=NOT_JSON]",
                "200|1|Nonsense[cause=NOT_JSON]",
                "200|ok|Nonsense[cause=NOT_JSON]",
                "200|data: {}|Nonsense[cause=NOT_JSON]",
                "200|{\"a\":1}{\"a\":1}|Nonsense[cause=NOT_JSON]",
                "200|<html><body>Sign in|Nonsense[cause=HTML]",
                "200|` <!DOCTYPE html>`|Nonsense[cause=HTML]",
                "200|{\"choices\":[{\"message\":{\"content\":\"Hel|Nonsense[cause=TRUNCATED]",
                "200|{\"choices\":[{\"message\":{\"content\":\"cut \\ud83d\"}}]}|Good[status=200]",
                "200|{\"error\":{\"message\":\"oh\"}}|Nonsense[cause=ERROR_BODY]",
                "200|{\"error\":\"oh\"}|Nonsense[cause=ERROR_BODY]",
                "200|[{\"error\":{\"message\":\"oh\"}}]|Nonsense[cause=ERROR_BODY]",
                "200|{\"object\":\"error\",\"message\":\"oh\"}|Nonsense[cause=ERROR_BODY]",
                "200|{\"error\":{\"code\":429}}|Throttled[pause=Optional.empty, quotaGone=false]",
                "200|{\"error\":{\"code\":\"503\"}}|Failed[status=503, pause=Optional.empty]",
                "200|{\"error\":{\"code\":200}}|Nonsense[cause=ERROR_BODY]",
                "200|{\"error\":{\"status\":400,\"code\":\"content_filter\"}}|Refused[status=400]",
                "200|{\"error\":{\"type\":\"server_error\",\"code\":null}}|Failed[status=500, pause=Optional.empty]",
                "200|{\"error\":{\"type\":\"invalid_request_error\",\"code\":\"invalid_api_key\"}}|KeyRefused[status=401]",
                "200|{\"error\":{\"message\":\"oh\"},\"status_code\":502}|Failed[status=502, pause=Optional.empty]",
                "200|{\"object\":\"error\",\"code\":503}|Failed[status=503, pause=Optional.empty]",
                "301|``|Nonsense[cause=REDIRECT]",
                "307|{\"choices\":[]}|Nonsense[cause=REDIRECT]",
                "401|<html>|KeyRefused[status=401]",
                "401|{\"error\":{\"message\":\"no\"}}|KeyRefused[status=401]",
                "403|{\"error\":{\"code\":\"model_not_found\"}}|KeyForbidden[status=403]",
                "402|{\"error\":{\"message\":\"Insufficient Balance\"}}|Throttled[pause=Optional.empty,"
                        + " quotaGone=true]",
                "429|<html>|Throttled[pause=Optional.empty, quotaGone=false]",
                "429|{\"error\":{\"code\":\"rate_limit_exceeded\",\"message\":\"see"
                        + " https://x/settings/billing\"}}|Throttled[pause=Optional.empty, quotaGone=false]",
                "429|{\"error\":{\"type\":\"insufficient_quota\"}}|Throttled[pause=Optional.empty, quotaGone=true]",
                "429|{\"error\":{\"code\":\"billing_not_active\"}}|Throttled[pause=Optional.empty, quotaGone=true]",
                "429|{\"error\":{\"code\":\"enforced_spend_limit_reached\"}}|Throttled[pause=Optional.empty,"
                        + " quotaGone=true]",
                "429|{\"error\":{\"message\":\"You exceeded your current quota, please"
                        + " check\"}}|Throttled[pause=Optional.empty, quotaGone=true]",
                "429|{\"error\":{\"message\":\"Rate limit exceeded:"
                        + " free-models-per-day\"}}|Throttled[pause=Optional.empty, quotaGone=true]",
                "404|{\"error\":{\"code\":\"model_not_found\"}}|ModelUnknown[status=404]",
                "404|{\"error\":{\"code\":\"DeploymentNotFound\"}}|ModelUnknown[status=404]",
                "404|{\"error\":{\"message\":\"model \\\"x\\\" not found, try pulling it"
                        + " first\"}}|ModelUnknown[status=404]",
                "404|{\"error\":{\"message\":\"No endpoints found for x.\"}}|ModelUnknown[status=404]",
                "404|{\"error\":{\"message\":\"Invalid URL (POST /v1/x)\"}}|Refused[status=404]",
                "404|{\"error\":{\"message\":\"No such file: the model does not exist\"}}|Refused[status=404]",
                "404|``|Refused[status=404]",
                "404|404 page not found|Refused[status=404]",
                "408|``|Postponed[status=408]",
                "425|{}|Postponed[status=425]",
                "400|{\"error\":{\"message\":\"x is not a valid model ID\",\"code\":400}}|ModelUnknown[status=400]",
                "400|{\"object\":\"error\",\"message\":\"Invalid model:"
                        + " x\",\"type\":\"invalid_model\",\"code\":\"1500\"}|ModelUnknown[status=400]",
                "400|{\"code\":\"Client specified an invalid argument\",\"error\":\"Incorrect API key provided:"
                        + " in***ey.\"}|KeyRefused[status=400]",
                "400|{\"error\":{\"code\":\"billing_hard_limit_reached\"}}|Throttled[pause=Optional.empty,"
                        + " quotaGone=true]",
                "400|{\"error\":{\"message\":\"Unknown: Incorrect API key provided: x\"}}|Refused[status=400]",
                "400|{\"error\":{\"message\":\"Incorrect API key provided: x is not a valid model"
                        + " ID\"}}|ModelUnknown[status=400]",
                "400|{\"error\":{\"message\":\"'You exceeded your current quota' is no role\"}}|Refused[status=400]",
                "400|[{\"error\":{\"code\":400,\"message\":\"API key not valid. Please pass a valid API"
                        + " key.\",\"status\":\"INVALID_ARGUMENT\"}}]|KeyRefused[status=400]",
                "400|{\"error\":{\"code\":400,\"message\":\"no\",\"status\":\"INVALID_ARGUMENT\"}}|Refused[status=400]",
                "404|[{\"error\":{\"code\":404,\"message\":\"models/x is not"
                        + " found\",\"status\":\"NOT_FOUND\"}}]|ModelUnknown[status=404]",
                "429|[{\"error\":{\"code\":429,\"message\":\"You exceeded your current"
                        + " quota\",\"status\":\"RESOURCE_EXHAUSTED\",\"details\":[{\"retryDelay\":\"31s\"}]}}]"
                        + "|Throttled[pause=Optional[PT31S], quotaGone=false]",
                "413|Payload too large|Refused[status=413]",
                "422|{\"detail\":[{\"msg\":\"x\"}]}|Refused[status=422]",
                "500|{\"error\":{\"code\":\"invalid_api_key\"}}|Failed[status=500, pause=Optional.empty]",
                "502|<html>cloudflare|Failed[status=502, pause=Optional.empty]",
                "529|``|Failed[status=529, pause=Optional.empty]"
            })
    @DisplayName("means what it says, whatever its status claims (U-13, U-14, U-31, U-32, U-36, U-37)")
    void meansWhatItSays(int status, String body, String expected) {
        assertEquals(expected, read(status, Fields.NONE, body).signal().toString());
    }

    @ParameterizedTest
    @CsvSource({
        "401, Refused[status=401]",
        "403, Refused[status=403]",
        "429, 'Throttled[pause=Optional[PT7S], quotaGone=false]'"
    })
    void isPassedOnToACallerWhoseKeyIsRefused(int status, String expected) {
        Answered answered =
                new Answered(
                        Dialect.OPENAI,
                        RequestReadingTest.operation(Kind.CHAT),
                        status,
                        Fields.of("Retry-After", "7"),
                        "{\"error\":{\"message\":\"no\"}}".getBytes(UTF_8),
                        true,
                        false);
        assertEquals(expected, AnswerReading.of(answered, NOW).signal().toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "ID3 sound|Good[status=200]",
                "{\"text\":\"hi\"}|Good[status=200]",
                "WEBVTT|Good[status=200]",
                "{\"text|Good[status=200]",
                "``|Nonsense[cause=EMPTY]",
                "<!doctype html>|Nonsense[cause=HTML]"
            })
    void mayBeOfAnyFormatWhereItIsSoundOrItsText(String body, String expected) {
        Answered answered =
                new Answered(
                        Dialect.OPENAI,
                        RequestReadingTest.operation(Kind.AUDIO),
                        200,
                        Fields.NONE,
                        body.getBytes(UTF_8),
                        true,
                        true);
        assertEquals(expected, AnswerReading.of(answered, NOW).signal().toString());
    }

    @Test
    void isGoodAsFarAsItIsHere() {
        byte[] begin = "{\"model\":\"m\",\"data\":[{\"embedding\":[0.1,0.2".getBytes(UTF_8);
        AnswerReading reading =
                AnswerReading.of(
                        new Answered(
                                Dialect.OPENAI,
                                RequestReadingTest.operation(Kind.EMBEDDINGS),
                                200,
                                Fields.NONE,
                                begin,
                                false,
                                true),
                        NOW);
        assertEquals("Good[status=200]", reading.signal().toString());
        assertEquals(Optional.of(new Span(9, 12)), reading.model());
        assertEquals(Optional.empty(), reading.usage());
    }

    @Test
    @DisplayName("is not read when its bytes are packed (U-34)")
    void isNotReadWhenPacked() {
        Fields gzip = Fields.of("Content-Encoding", "gzip");
        assertEquals("Good[status=200]", read(200, gzip, "{\"usage\":{\"total_tokens\":5},\"a").signal().toString());
        assertEquals(Optional.empty(), read(200, gzip, "{\"usage\":{\"total_tokens\":5}}").usage());
        assertEquals("Nonsense[cause=EMPTY]", read(200, gzip, "").signal().toString());
        assertEquals("KeyRefused[status=401]", read(401, gzip, "x").signal().toString());
        Fields identity = Fields.of("Content-Encoding", "identity");
        assertEquals("Nonsense[cause=NOT_JSON]", read(200, identity, "x").signal().toString());
    }

    @Test
    void isAPageForPeopleWhateverItsStatus() {
        assertTrue(read(403, Fields.NONE, "<html>").page());
        assertTrue(read(502, Fields.of("Content-Type", "text/html; charset=utf-8"), "<div>").page());
        assertEquals(false, read(403, Fields.of("Content-Type", "text/html"), "{\"error\":{}}").page());
    }

    @Test
    void saysHowLongToWait() {
        Fields head = Fields.of("Retry-After", "7");
        assertEquals(
                new dev.martlet.Signal.Throttled(Optional.of(Duration.ofSeconds(7)), false),
                read(429, head, "").signal());
    }

    @Test
    void saysWhereItNamesTheModel() {
        String body = "{\"choices\":[{\"model\":\"x\"}],\"model\":\"gpt-4o-2024\"}";
        Span model = read(200, Fields.NONE, body).model().orElseThrow();
        assertEquals("\"gpt-4o-2024\"", body.substring(model.from(), model.to()));
        assertEquals(Optional.empty(), read(200, Fields.NONE, "{\"model\":null,\"a\":1}").model());
    }

    /// input/cached/output/reasoning
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"prompt_tokens\":14,\"completion_tokens\":8,\"total_tokens\":22,\"prompt_tokens_details\":{\"cached_tokens\":3},\"completion_tokens_details\":{\"reasoning_tokens\":2}}|14/3/8/2",
                "{\"prompt_tokens\":8,\"total_tokens\":8}|8/0/0/0",
                "{\"total_tokens\":12}|12/0/0/0",
                "{\"input_tokens\":37,\"output_tokens\":144,\"total_tokens\":181,\"input_token_details\":{\"audio_tokens\":37}}|37/0/144/0",
                "{\"input_tokens\":5,\"output_tokens\":7,\"input_tokens_details\":{\"cached_tokens\":1},\"output_tokens_details\":{\"reasoning_tokens\":6}}|5/1/7/6",
                "{\"prompt_tokens\":97,\"completion_tokens\":17,\"prompt_cache_hit_tokens\":64}|97/64/17/0",
                "{\"prompt_tokens\":68,\"completion_tokens\":6,\"num_cached_tokens\":9}|68/9/6/0",
                "{\"prompt_tokens\":232,\"completion_tokens\":6,\"total_tokens\":451,\"completion_tokens_details\":{\"reasoning_tokens\":213}}|232/0/219/213",
                "{\"prompt_tokens\":3,\"completion_tokens\":11,\"total_tokens\":389,\"prompt_tokens_details\":{\"audio_tokens\":375}}|378/0/11/0",
                "{\"prompt_tokens\":3,\"completion_tokens\":4,\"total_tokens\":14,\"prompt_tokens_details\":{\"audio_tokens\":5},\"completion_tokens_details\":{\"reasoning_tokens\":2}}|8/0/6/2",
                "{\"prompt_tokens\":3,\"completion_tokens\":4,\"total_tokens\":12,\"prompt_tokens_details\":{\"audio_tokens\":5},\"completion_tokens_details\":{\"reasoning_tokens\":5}}|3/0/9/5",
                "{\"prompt_tokens\":9,\"completion_tokens\":3,\"total_tokens\":105}|9/0/96/0",
                "{\"prompt_tokens\":9,\"completion_tokens\":3,\"total_tokens\":5}|9/0/3/0",
                "{\"completion_tokens\":3,\"total_tokens\":12}|9/0/3/0",
                "{\"prompt_tokens\":0,\"completion_tokens\":0,\"total_tokens\":0}|0/0/0/0",
                "{\"prompt_tokens\":5,\"completion_tokens\":-3}|5/0/0/0",
                "{\"prompt_tokens\":\"5\",\"completion_tokens\":3}|0/0/3/0",
                "{\"prompt_tokens\":99999999999,\"completion_tokens\":3}|0/0/3/0",
                "{\"prompt_tokens\":1.5,\"completion_tokens\":null}|",
                "{\"type\":\"duration\",\"seconds\":4}|",
                "{}|",
                "null|",
                "[]|",
                "\"many\"|"
            })
    @DisplayName("counts tokens in the words of many, each token once (S-9)")
    void countsTokens(String usage, String expected) {
        String counted =
                read(200, Fields.NONE, "{\"a\":1,\"usage\":" + usage + "}")
                        .usage()
                        .map(AnswerReadingTest::text)
                        .orElse(null);
        assertEquals(expected, counted);
    }

    @Test
    void countsTokensWhereOthersHaveThem() {
        String groq = "{\"x_groq\":{\"id\":\"r\",\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":2}}}";
        assertEquals(Optional.of(new Usage(5, 0, 2, 0)), read(200, Fields.NONE, groq).usage());
        String rerank = "{\"results\":[],\"meta\":{\"tokens\":{\"input_tokens\":9,\"output_tokens\":1}}}";
        assertEquals(Optional.of(new Usage(9, 0, 1, 0)), read(200, Fields.NONE, rerank).usage());
        assertEquals(Optional.empty(), read(200, Fields.NONE, "{\"id\":\"x\"}").usage());
        String twice = "{\"usage\":{\"total_tokens\":1},\"usage\":{\"total_tokens\":2}}";
        assertEquals(Optional.of(new Usage(2, 0, 0, 0)), read(200, Fields.NONE, twice).usage());
    }

    @Test
    void saysAtItsEndWhatALargeOneSays() {
        String vectors = "{\"object\":\"list\",\"data\":[{\"embedding\":[" + "0.125,".repeat(400_000) + "1]}]";
        String end = ",\"model\" : \"large\", \"usage\":{\"prompt_tokens\":8,\"total_tokens\":8}}\n";
        byte[] last = (vectors.substring(vectors.length() - 9000) + end).getBytes(UTF_8);
        AnswerReading.End read = AnswerReading.end(last);
        assertEquals(Optional.of(new Usage(8, 0, 0, 0)), read.usage());
        Span model = read.model().orElseThrow();
        assertEquals("\"large\"", new String(last, model.from(), model.length(), UTF_8));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "x\",\"usage\":{\"total_tokens\":5}}|5/0/0/0|false",
                "1],\"usage\":{\"total_tokens\":5},\"x\":[{\"model\":\"a\",\"usage\":{\"total_tokens\":6}}]}|5/0/0/0|false",
                "1],\"x\":[{\"model\":\"a\",\"usage\":{\"total_tokens\":6}}]}|-|false",
                "1],\"x\":\"\\\"usage\\\":{\\\"total_tokens\\\":5}\"}|-|false",
                "1],\"x\":\"usage\",\"model\":\"m\"}|-|true",
                "1],\"usage\":{\"total_tokens\":5|-|false",
                "\"usage\":{\"total_tokens\":5}}|-|false",
                "``|-|false"
            })
    void saysAtItsEndOnlyWhatStandsOutermost(String last, String usage, boolean model) {
        AnswerReading.End end = AnswerReading.end(last.getBytes(UTF_8));
        assertEquals(usage, end.usage().map(AnswerReadingTest::text).orElse("-"));
        assertEquals(model, end.model().isPresent());
    }

    private static AnswerReading read(int status, Fields head, String body) {
        byte[] bytes = body.getBytes(UTF_8);
        return AnswerReading.of(
                new Answered(Dialect.OPENAI, RequestReadingTest.operation(Kind.CHAT), status, head, bytes, true, true),
                NOW);
    }

    private static String text(Usage usage) {
        return usage.input() + "/" + usage.cached() + "/" + usage.output() + "/" + usage.reasoning();
    }
}
