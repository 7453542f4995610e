package dev.martlet.dialect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.martlet.Dialect;
import dev.martlet.Operation.Kind;
import dev.martlet.wire.JsonTree;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

@DisplayName("A stream of Anthropic's")
class AnthropicStreamTest {
    private static final Heading HEADING = new Heading("id", 1, "m", true);
    private static final String FINISH = chunk("{}", "\"stop\"");
    private static final String CALLED = chunk("{}", "\"tool_calls\"");
    private static final String COUNT =
            "{\"choices\":[],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":3,\"prompt_tokens_details\":{"
                    + "\"cached_tokens\":4}}}";

    @Test
    void beginsAndEndsEachBlock() throws Garbled {
        assertEquals(
                """
                message_start
                0 start thinking
                0 thinking_delta Hm
                0 stop
                1 start text
                1 text_delta Hel
                1 text_delta lo
                1 stop
                message_delta end_turn 6+4+3
                message_stop
                """,
                fromHub(
                        said("{\"role\":\"assistant\",\"content\":\"\"}"),
                        said("{\"reasoning_content\":\"Hm\"}"),
                        said("{\"content\":\"Hel\"}"),
                        said("{\"content\":\"lo\"}"),
                        FINISH,
                        COUNT,
                        "[DONE]"));
    }

    @Test
    @DisplayName("has calls one after the other, also where they came mixed")
    void hasCallsOneAfterTheOther() throws Garbled {
        assertEquals(
                """
                message_start
                0 start tool_use a f
                0 input_json_delta {"x":
                0 input_json_delta 1}
                0 stop
                1 start tool_use b g
                1 input_json_delta {"y":2}
                1 stop
                2 start text
                2 text_delta ...
                2 stop
                message_delta tool_use 0+0+0
                message_stop
                """,
                fromHub(
                        called(0, "a", "f", "{\\\"x\\\":"),
                        called(1, "b", "g", "{\\\"y\\\":"),
                        said("{\"content\":\"...\"}"),
                        called(1, "", "", "2}"),
                        called(0, "", "", "1}"),
                        CALLED,
                        "[DONE]"));
    }

    @Test
    void doesNotHoldBackACallBehindOneThatIsWhole() throws Garbled {
        AnthropicStreamFromHub fold = new AnthropicStreamFromHub(HEADING);
        fold.next(event(called(0, "a", "f", "{}")));
        List<Event> second = fold.next(event(called(1, "b", "g", "{\\\"y\\\":")));
        assertEquals("1 start tool_use b g\n1 input_json_delta {\"y\":\n", words(second));
    }

    @Test
    @DisplayName("tells calls apart that have no index, or all the same, and makes ids where there are none")
    void tellsCallsApart() throws Garbled {
        String expected =
                """
                message_start
                0 start tool_use a f
                0 input_json_delta {}
                0 stop
                1 start tool_use b f
                1 input_json_delta {}
                1 stop
                message_delta tool_use 0+0+0
                message_stop
                """;
        String first = called(0, "a", "f", "{}");
        String second = called(0, "b", "f", "{}");
        assertEquals(expected, fromHub(first, second, CALLED, "[DONE]"));
        assertEquals(
                expected,
                fromHub(first.replace("\"index\":0,\"id", "\"id"), second.replace("\"index\":0,\"id", "\"id"), CALLED));
        assertEquals(
                expected.replace(" a ", " call_0 ").replace(" b ", " call_1 "),
                fromHub(called(0, "", "f", "{}"), called(1, "", "f", "{}"), CALLED));
    }

    @Test
    @DisplayName("has no end without a reason to stop or [DONE], and needs no more than one of them (U-27)")
    void hasNoEndThatWasNotReached() throws Garbled {
        String begun = "message_start\n0 start text\n0 text_delta Hi\n";
        assertEquals(begun, fromHub(said("{\"content\":\"Hi\"}")));
        String ended = begun + "0 stop\nmessage_delta end_turn 0+0+0\nmessage_stop\n";
        assertEquals(ended, fromHub(said("{\"content\":\"Hi\"}"), "[DONE]"));
        assertEquals(ended, fromHub(said("{\"content\":\"Hi\"}"), FINISH));
        assertEquals(ended, fromHub(said("{\"content\":\"Hi\"}"), FINISH, FINISH, "[DONE]", FINISH));
    }

    @Test
    @DisplayName("ends with the error that came, and with nothing behind it (U-30)")
    void endsWithAnError() throws Garbled {
        assertEquals(
                "message_start\n0 start text\n0 text_delta Hi\nerror rate_limit_error: slow down\n",
                fromHub(
                        said("{\"content\":\"Hi\"}"),
                        "{\"error\":{\"message\":\"slow down\",\"code\":\"rate_limit_exceeded\"}}",
                        FINISH,
                        COUNT,
                        "[DONE]"));
        List<Event> chunks =
                toHub("{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}");
        assertEquals(
                "{\"error\":{\"message\":\"Overloaded\",\"type\":\"server_error\",\"param\":null,"
                        + "\"code\":\"overloaded_error\"}}",
                new String(JsonTree.write(chunks.getFirst().data()), UTF_8));
        assertEquals(1, chunks.size());
    }

    @Test
    void saysNothingOfASecondChoice() throws Garbled {
        String second = said("{\"content\":\"no\"}").replace("\"index\":0", "\"index\":1");
        assertEquals(
                "message_start\nmessage_delta end_turn 0+0+0\nmessage_stop\n",
                fromHub(said("{\"content\":\"\"}"), second, FINISH));
    }

    @Test
    @DisplayName("gives a call without arguments an empty object")
    void completesACallWithoutArguments() throws Garbled {
        List<Event> chunks =
                toHub(
                        START,
                        "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"tool_use\","
                                + "\"id\":\"a\",\"name\":\"f\",\"input\":{}}}",
                        "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"input_json_delta\","
                                + "\"partial_json\":\"\"}}",
                        "{\"type\":\"content_block_stop\",\"index\":0}");
        assertEquals(
                "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{}\"}}]}",
                chunks.getLast().data().at("/choices/0/delta").toString());
    }

    @Test
    @DisplayName("takes a call of which the input is left out for one without arguments")
    void takesACallWithoutInput() throws Garbled {
        List<Event> chunks =
                toHub(
                        START,
                        "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"tool_use\","
                                + "\"id\":\"a\",\"name\":\"f\"}}",
                        "{\"type\":\"content_block_stop\",\"index\":0}",
                        "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"tool_use\"}}",
                        "{\"type\":\"message_stop\"}");
        assertEquals(
                "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{}\"}}]}",
                chunks.get(2).data().at("/choices/0/delta").toString());
        assertEquals("tool_calls", chunks.get(3).data().at("/choices/0/finish_reason").asText());
    }

    @Test
    @DisplayName("begins a call once, whatever is thought and said before it is whole")
    void beginsACallOnce() throws Garbled {
        assertEquals(
                """
                message_start
                0 start tool_use a f
                0 input_json_delta {"x":
                0 input_json_delta 1}
                0 stop
                1 start thinking
                1 thinking_delta Hm
                1 stop
                2 start text
                2 text_delta ...
                2 stop
                message_delta tool_use 0+0+0
                message_stop
                """,
                fromHub(
                        called(0, "a", "f", "{\\\"x\\\":"),
                        said("{\"reasoning_content\":\"Hm\"}"),
                        said("{\"content\":\"...\"}"),
                        called(0, "", "", "1}"),
                        CALLED,
                        "[DONE]"));
    }

    @Test
    @DisplayName("holds back so much behind a call and no more")
    void holdsBackSoMuch() throws Garbled {
        AnthropicStreamFromHub fold = new AnthropicStreamFromHub(HEADING);
        fold.next(event(called(0, "a", "f", "{")));
        Event much = event(said("{\"content\":\"" + "x".repeat(1 << 20) + "\"}"));
        for (int i = 0; i < 16; i++) fold.next(much);
        assertThrows(Garbled.class, () -> fold.next(much));
    }

    @Test
    @DisplayName("counts what the cache was written for among the tokens of the prompt, and apart")
    void countsTheCache() throws Garbled {
        String count =
                "\"usage\":{\"input_tokens\":3,\"cache_creation_input_tokens\":20,\"cache_read_input_tokens\":100,"
                        + "\"output_tokens\":7}";
        List<Event> chunks =
                toHub(
                        START,
                        "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"}," + count + "}",
                        "{\"type\":\"message_stop\"}");
        ObjectNode usage = (ObjectNode) chunks.get(2).data().path("usage");
        assertEquals(
                "{\"cached_tokens\":100,\"cache_write_tokens\":20}", usage.path("prompt_tokens_details").toString());
        assertEquals(123, usage.path("prompt_tokens").asInt());
        assertEquals(130, usage.path("total_tokens").asInt());
        usage.remove("extra_content");
        assertEquals("{" + count + "}", "{\"usage\":" + AnthropicUsage.fromHub(usage) + "}");
    }

    @Test
    @DisplayName("tells the count of tokens also where OpenAI's callers would have to ask for it")
    void alwaysCounts() throws Garbled {
        String answer =
                "{\"id\":\"m\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\",\"content\":[],"
                        + "\"stop_reason\":\"end_turn\",\"usage\":{\"input_tokens\":3,\"output_tokens\":7}}";
        Translation way = Translation.between(Dialect.ANTHROPIC, Dialect.ANTHROPIC);
        List<byte[]> events = way.unfolded(Kind.CHAT, answer.getBytes(UTF_8), new Heading("id", 1, "m", false));
        assertTrue(new String(events.getFirst(), UTF_8).contains("\"usage\":{\"input_tokens\":3"));
    }

    @Test
    void passesOverWhatIsUnknown() throws Garbled {
        assertEquals(List.of(), toHub("{\"type\":\"ping\"}", "{\"type\":\"message_review\",\"index\":0}"));
    }

    @Test
    @DisplayName("is garbled when a block goes on that did not begin, or when nothing did")
    void isGarbled() {
        String delta =
                "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"x\"}}";
        assertThrows(Garbled.class, () -> toHub(delta));
        assertThrows(Garbled.class, () -> toHub(START, delta));
        assertThrows(Garbled.class, () -> toHub("{\"type\":\"message_delta\",\"delta\":{}}"));
        assertThrows(Garbled.class, () -> toHub("{\"type\":\"message_stop\"}"));
        assertThrows(Garbled.class, () -> new AnthropicCollect().whole());
        assertThrows(Garbled.class, () -> fromHub(called(0, "a", "", "{}"), CALLED));
    }

    @Test
    @DisplayName("keeps arguments that no JSON object is made of")
    void keepsBrokenArguments() throws Garbled {
        AnthropicCollect collect = new AnthropicCollect();
        AnthropicStreamFromHub fold = new AnthropicStreamFromHub(HEADING);
        for (String chunk : List.of(called(0, "a", "f", "{\\\"x\\\":"), chunk("{}", "\"length\""), "[DONE]")) {
            for (Event event : fold.next(event(chunk))) collect.add(event);
        }
        ObjectNode answer = collect.whole();
        assertEquals("{\"INVALID_JSON\":\"{\\\"x\\\":\"}", answer.at("/content/0/input").toString());
        ObjectNode hub = AnthropicAnswer.toHub(answer, HEADING);
        assertEquals("{\"x\":", hub.at("/choices/0/message/tool_calls/0/function/arguments").asText());
    }

    private static final String START =
            "{\"type\":\"message_start\",\"message\":{\"id\":\"msg\",\"type\":\"message\",\"role\":\"assistant\","
                    + "\"content\":[]}}";

    private static String said(String delta) {
        return chunk(delta, "null");
    }

    private static String chunk(String delta, String reason) {
        return "{\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":" + delta + ",\"finish_reason\":" + reason + "}]}";
    }

    private static String called(int index, String id, String name, String arguments) {
        return said(
                "{\"tool_calls\":[{\"index\":"
                        + index
                        + ",\"id\":\""
                        + id
                        + "\",\"function\":{\"name\":\""
                        + name
                        + "\",\"arguments\":\""
                        + arguments
                        + "\"}}]}");
    }

    private static Event event(String json) {
        if (json.equals("[DONE]")) return Event.DONE;
        return Event.of((ObjectNode) JsonTree.read(json.getBytes(UTF_8)).orElseThrow());
    }

    private static List<Event> toHub(String... events) throws Garbled {
        return through(new AnthropicStreamToHub(HEADING), events);
    }

    private static String fromHub(String... chunks) throws Garbled {
        return words(through(new AnthropicStreamFromHub(HEADING), chunks));
    }

    private static List<Event> through(Fold fold, String... events) throws Garbled {
        List<Event> out = new ArrayList<>();
        for (String event : events) out.addAll(fold.next(event(event)));
        out.addAll(fold.end());
        return out;
    }

    /// One line for each event: what it says and nothing of how.
    private static String words(List<Event> events) {
        StringBuilder words = new StringBuilder();
        for (Event event : events) words.append(words(event.name(), event.data())).append('\n');
        return words.toString();
    }

    private static String words(String name, ObjectNode data) {
        return switch (name) {
            case "content_block_start" ->
                    (data.path("index").asInt() + " start " + data.at("/content_block/type").asText())
                            + (data.at("/content_block/id").isMissingNode()
                                    ? ""
                                    : " " + data.at("/content_block/id").asText())
                            + (data.at("/content_block/name").isMissingNode()
                                    ? ""
                                    : " " + data.at("/content_block/name").asText());
            case "content_block_delta" ->
                    data.path("index").asInt()
                            + " "
                            + data.at("/delta/type").asText()
                            + " "
                            + data.at("/delta/text").asText()
                            + data.at("/delta/thinking").asText()
                            + data.at("/delta/partial_json").asText();
            case "content_block_stop" -> data.path("index").asInt() + " stop";
            case "message_delta" ->
                    "message_delta "
                            + data.at("/delta/stop_reason").asText()
                            + " "
                            + data.at("/usage/input_tokens").asInt()
                            + "+"
                            + data.at("/usage/cache_read_input_tokens").asInt()
                            + "+"
                            + data.at("/usage/output_tokens").asInt();
            case "error" -> "error " + data.at("/error/type").asText() + ": " + data.at("/error/message").asText();
            default -> name;
        };
    }
}
