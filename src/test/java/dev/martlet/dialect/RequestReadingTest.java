package dev.martlet.dialect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.martlet.Fields;
import dev.martlet.Operation;
import dev.martlet.Operation.Kind;
import dev.martlet.Refusal.BadRequest;
import dev.martlet.Refused;
import dev.martlet.dialect.RequestReading.Wording;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.OptionalLong;

@DisplayName("A request of the OpenAI dialect")
class RequestReadingTest {
    private static final String SECRET = "CANARY";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``",
                "CANARY",
                "{\"model\":\"CANARY\"",
                "{\"model\":\"CANARY\"}x",
                "[{\"model\":\"CANARY\"}]",
                "\"CANARY\"",
                "\uFEFF{\"model\":\"CANARY\"}",
                "{\"model\":\"CANARY\\ud800\"}",
                "{\"model\":\"CANARY\u0000\"}",
                "{'model':'CANARY'}"
            })
    @DisplayName("that is no JSON object is refused, and nothing of it repeated (C-10)")
    void refusesWhatIsNoObject(String body) {
        BadRequest refusal = refusal(Kind.CHAT, body == null ? "" : body);
        assertEquals("invalid_json", refusal.code());
        assertFalse(refusal.message().contains(SECRET), refusal.message());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"model\":\"a\",\"model\":\"b\"}|duplicate_key|model",
                "{\"model\":\"a\",\"mod\\u0065l\":\"b\"}|duplicate_key|model",
                "{\"model\":\"a\",\"stream\":true,\"stream\":false}|duplicate_key|stream",
                "{\"model\":\"a\",\"messages\":[],\"messages\":[]}|duplicate_key|messages",
                "{\"model\":\"a\",\"stream_options\":{\"include_usage\":true,\"include_usage\":false}}|duplicate_key|stream_options.include_usage",
                "{\"model\":\"a\",\"Model\":\"b\"}|duplicate_key|model",
                "{\"MODEL\":\"b\",\"model\":\"a\"}|duplicate_key|model",
                "{\"model\":\"a\",\"\\u004dodel\":\"b\"}|duplicate_key|model",
                "{\"model\":\"a\",\"Stream\":true}|duplicate_key|stream",
                "{}|missing_required_parameter|model",
                "{\"messages\":[{\"model\":\"a\"}]}|missing_required_parameter|model",
                "{\"model\":null}|invalid_type|model",
                "{\"model\":[\"a\"]}|invalid_type|model",
                "{\"model\":\"\"}|invalid_value|model",
                "{\"model\":\" \"}|invalid_value|model",
                "{\"model\":\"a\\nb\"}|invalid_value|model",
                "{\"model\":\"a\",\"stream\":\"true\"}|invalid_type|stream",
                "{\"model\":\"a\",\"stream\":1}|invalid_type|stream",
                "{\"model\":\"a\",\"stream\":{}}|invalid_type|stream"
            })
    @DisplayName("is refused when it could be read in two ways, or its fields are of a wrong type (C-12, C-13)")
    void refusesWhatIsUnclear(String body, String code, String param) {
        BadRequest refusal = refusal(Kind.CHAT, body);
        assertEquals(code + " " + param, refusal.code() + " " + refusal.param().orElseThrow());
        assertEquals(400, refusal.status());
    }

    @Test
    void refusesAModelWithANameBeyondMeasure() {
        assertEquals("a".repeat(512), reading(Kind.CHAT, "{\"model\":\"" + "a".repeat(512) + "\"}").model());
        assertEquals("invalid_value", refusal(Kind.CHAT, "{\"model\":\"" + "a".repeat(513) + "\"}").code());
    }

    @ParameterizedTest
    @CsvSource({
        "'{\"model\":\"m\"}', false",
        "'{\"model\":\"m\",\"stream\":null}', false",
        "'{\"model\":\"m\",\"stream\":false}', false",
        "'{\"model\":\"m\",\"stream\":true}', true",
        "'{\"model\":\"m\",\"x\":{\"stream\":true}}', false",
        "'{\"model\":\"m\",\"str\\u0065am\":true}', true"
    })
    @DisplayName("says whether the answer is to be a stream (C-13)")
    void saysWhetherItStreams(String body, boolean stream) {
        assertEquals(stream, reading(Kind.CHAT, body).stream());
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void isRoutedByOpenAisDefaultWhereAModelMayBeLeftOut(Kind kind) {
        String body = "{\"input\":\"x\"}";
        switch (kind) {
            case MODERATIONS -> assertEquals("omni-moderation-latest", reading(kind, body).model());
            case IMAGES -> assertEquals("dall-e-2", reading(kind, body).model());
            case CHAT, COMPLETIONS, EMBEDDINGS, RERANK, AUDIO ->
                    assertEquals("missing_required_parameter", refusal(kind, body).code());
        }
    }

    @Test
    void keepsABodyThatNamesNoModel() {
        assertEquals("{\"input\":\"x\"}", body(Kind.MODERATIONS, "{\"input\":\"x\"}", "other", true));
    }

    /// `~` is CR LF.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"model\":\"m\"}|{\"model\":\"up\"}",
                " {\t\"x\" : [1.0, 1e2, \"\\u00e9\\/\"],~\"model\" : \"m\" }~| {\t\"x\" : [1.0, 1e2,"
                        + " \"\\u00e9\\/\"],~\"model\" : \"up\" }~",
                "{\"mod\\u0065l\":\"\\u006d\",\"x\":1}|{\"mod\\u0065l\":\"up\",\"x\":1}",
                "{\"model\":\"up\",\"x\":1}|{\"model\":\"up\",\"x\":1}",
                "{\"model\":\"\\u0075p\"}|{\"model\":\"\\u0075p\"}",
                "{\"x\":{\"model\":\"m\"},\"model\":\"m\"}|{\"x\":{\"model\":\"m\"},\"model\":\"up\"}"
            })
    void namesTheModelAsTheUpstreamDoesAndKeepsTheRest(String body, String expected) {
        String upstream = body(Kind.CHAT, body.replace("~", "\r\n"), "up", false);
        assertEquals(expected.replace("~", "\r\n"), upstream);
    }

    @Test
    void writesNamesAsJson() {
        assertEquals("{\"model\":\"a\\\"b\\\\é\"}", body(Kind.CHAT, "{\"model\":\"m\"}", "a\"b\\é", false));
    }

    @Test
    void isTheSameArrayWhenNothingChanges() {
        byte[] json = "{\"model\":\"m\",\"stream\":true}".getBytes(UTF_8);
        RequestReading reading = RequestReading.of(operation(Kind.CHAT), json, Fields.NONE);
        assertSame(json, reading.body(new Wording("m", true, false)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"model\":\"m\",\"stream\":true}|{\"stream_options\":{\"include_usage\":true},\"model\":\"m\",\"stream\":true}",
                " { \"stream\":true, \"model\":\"m\"}| {\"stream_options\":{\"include_usage\":true}, \"stream\":true,"
                        + " \"model\":\"m\"}",
                "{\"stream_options\":{},\"model\":\"m\",\"stream\":true}|{\"stream_options\":{\"include_usage\":true},\"model\":\"m\",\"stream\":true}",
                "{\"stream_options\":{ },\"model\":\"m\",\"stream\":true}|{\"stream_options\":{\"include_usage\":true"
                        + " },\"model\":\"m\",\"stream\":true}",
                "{\"stream_options\":{\"x\":1},\"model\":\"m\",\"stream\":true}|{\"stream_options\":{\"include_usage\":true,\"x\":1},\"model\":\"m\",\"stream\":true}",
                "{\"model\":\"m\",\"stream\":true,\"stream_options\":null}|{\"model\":\"m\",\"stream\":true,\"stream_options\":{\"include_usage\":true}}",
                "{\"model\":\"m\",\"stream\":true,\"stream_options\":{\"include_usage\":false}}|{\"model\":\"m\",\"stream\":true,\"stream_options\":{\"include_usage\":true}}",
                "{\"model\":\"m\",\"stream\":true,\"stream_options\":{\"include_usage\":null}}|{\"model\":\"m\",\"stream\":true,\"stream_options\":{\"include_usage\":true}}"
            })
    void asksForTheCountOfTokensWhenTheCallerDidNot(String body, String expected) {
        assertEquals(expected, body(Kind.CHAT, body, "m", true));
        assertEquals(body, body(Kind.CHAT, body, "m", false));
        assertFalse(reading(Kind.CHAT, body).usageAsked());
        assertEquals(expected, body(Kind.COMPLETIONS, body, "m", true));
        assertEquals(body, body(Kind.AUDIO, body, "m", true));
        assertEquals(expected.replace("\"m\"", "\"up\""), body(Kind.CHAT, body, "up", true));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"model\":\"m\",\"stream\":true,\"stream_options\":{\"include_usage\":true}}",
                "{\"model\":\"m\",\"stream\":false}",
                "{\"model\":\"m\"}",
                "{\"model\":\"m\",\"stream\":true,\"stream_options\":\"yes\"}",
                "{\"model\":\"m\",\"stream\":true,\"stream_options\":[]}",
                "{\"model\":\"m\",\"stream\":true,\"stream_options\":{\"include_usage\":\"yes\"}}"
            })
    void leavesAloneWhatAsksAlreadyDoesNotStreamOrIsWrong(String body) {
        assertEquals(body, body(Kind.CHAT, body, "m", true));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"model\":\"m\"}|{\"stream\":true,\"stream_options\":{\"include_usage\":true},\"model\":\"m\"}",
                "{\"stream\":false,\"model\":\"m\"}|{\"stream_options\":{\"include_usage\":true},\"stream\":true,\"model\":\"m\"}",
                "{\"model\":\"m\",\"stream\":null}|{\"stream_options\":{\"include_usage\":true},\"model\":\"m\",\"stream\":true}",
                "{\"model\":\"m\",\"stream_options\":null}|{\"stream\":true,\"model\":\"m\",\"stream_options\":{\"include_usage\":true}}"
            })
    @DisplayName("asks for events where the caller did not, and where there is nothing else")
    void asksForAStream(String body, String expected) {
        byte[] asked = reading(Kind.CHAT, body).body(new Wording("m", true, true));
        assertEquals(expected, new String(asked, UTF_8));
    }

    @Test
    @DisplayName("asks for a whole answer where there are no events: of these nothing is said then")
    void asksForNoStream() {
        String body = "{\"model\":\"m\",\"stream\":true,\"stream_options\":{\"include_usage\":true}}";
        byte[] asked = reading(Kind.CHAT, body).body(new Wording("m", false, true));
        assertEquals("{\"model\":\"m\",\"stream\":false,\"stream_options\":null}", new String(asked, UTF_8));
    }

    @Test
    void knowsWhetherTheCallerAskedForTheCountOfTokens() {
        assertTrue(reading(Kind.CHAT, "{\"model\":\"m\",\"stream_options\":{\"include_usage\":true}}").usageAsked());
    }

    @Test
    @DisplayName("never chooses where it goes: what other gateways take orders from is data here (C-14)")
    void isDataOnly() {
        String body =
                "{\"model\":\"m\",\"api_base\":\"http://x\",\"base_url\":\"http://x\",\"api_key\":\"k\",\"extra_headers\":{\"a\":\"b\"}}";
        assertEquals(body, body(Kind.CHAT, body, "m", true));
    }

    @Test
    void belongsToTheConversationThatItNames() {
        OptionalLong byKey = affinity("{\"model\":\"m\",\"prompt_cache_key\":\"k\"}", Fields.NONE);
        assertTrue(byKey.isPresent());
        assertEquals(byKey, affinity("{\"prompt_cache_key\":\"\\u006b\",\"model\":\"n\",\"x\":1}", Fields.NONE));
        assertEquals(byKey, affinity("{\"model\":\"m\",\"metadata\":{\"user_id\":\"k\"}}", Fields.NONE));
        assertEquals(byKey, affinity("{\"model\":\"m\"}", Fields.of("x-claude-code-session-id", "k")));
        assertEquals(
                byKey,
                affinity(
                        "{\"model\":\"m\",\"metadata\":{\"user_id\":\"l\"},\"prompt_cache_key\":\"k\"}",
                        Fields.of("X-Claude-Code-Session-Id", "n")));
        assertNotEquals(byKey, affinity("{\"model\":\"m\",\"prompt_cache_key\":\"l\"}", Fields.NONE));
        for (String none : List.of("\"\"", "null", "1", "{}")) {
            String body = "{\"model\":\"m\",\"prompt_cache_key\":" + none + ",\"user\":\"u\"}";
            assertEquals(OptionalLong.empty(), affinity(body, Fields.NONE));
        }
    }

    @Test
    void belongsToThoseThatBeginAsItDoes() {
        String system = "{\"role\":\"system\",\"content\":\"" + "s".repeat(5000) + "\"}";
        String hello = "{\"role\":\"user\",\"content\":\"hello\"}";
        String reply = "{\"role\":\"assistant\",\"content\":\"hi\"},{\"role\":\"user\",\"content\":\"more\"}";
        OptionalLong first = affinity(messages(system + "," + hello), Fields.NONE);
        assertTrue(first.isPresent());
        assertEquals(first, affinity(messages(system + "," + hello + "," + reply), Fields.NONE));
        assertNotEquals(first, affinity(messages(system + "," + hello.replace("hello", "hullo")), Fields.NONE));
        assertNotEquals(first, affinity(messages(system.replace("ss\"", "st\"") + "," + hello), Fields.NONE));
        assertNotEquals(
                first, affinity(messages(system + "," + hello).replace("}]}", "}],\"tools\":[{}]}"), Fields.NONE));
        assertEquals(OptionalLong.empty(), affinity(messages(hello + "," + reply + "," + system), Fields.NONE));
        assertEquals(OptionalLong.empty(), affinity(messages("1,null,\"x\""), Fields.NONE));
        assertEquals(OptionalLong.empty(), affinity("{\"model\":\"m\",\"messages\":{}}", Fields.NONE));
    }

    @Test
    @DisplayName("has the same affinity on every machine and after every restart")
    void hasAFixedAffinity() {
        assertEquals(
                OptionalLong.of(-4905246318338516860L),
                affinity("{\"model\":\"m\",\"prompt_cache_key\":\"conversation-1\"}", Fields.NONE));
    }

    private static String messages(String messages) {
        return "{\"model\":\"m\",\"messages\":[" + messages + "]}";
    }

    private static OptionalLong affinity(String body, Fields head) {
        return RequestReading.of(operation(Kind.CHAT), body.getBytes(UTF_8), head).affinity();
    }

    private static String body(Kind kind, String body, String model, boolean injectUsage) {
        RequestReading reading = reading(kind, body);
        return new String(reading.body(new Wording(model, reading.stream(), injectUsage)), UTF_8);
    }

    private static RequestReading reading(Kind kind, String body) {
        return RequestReading.of(operation(kind), body.getBytes(UTF_8), Fields.NONE);
    }

    private static BadRequest refusal(Kind kind, String body) {
        Refused refused = assertThrows(Refused.class, () -> reading(kind, body));
        return assertInstanceOf(BadRequest.class, refused.why());
    }

    static Operation operation(Kind kind) {
        return new Operation(kind, "/test");
    }
}
