package dev.martlet.dialect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.martlet.Dialect;
import dev.martlet.Usage;
import dev.martlet.dialect.StreamReading.Seen;
import dev.martlet.wire.Span;
import dev.martlet.wire.SseEvent;
import dev.martlet.wire.SseReader;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

@DisplayName("A stream of the OpenAI dialect")
class StreamReadingTest {
    private static final String FINISHED = choice("\"delta\":{},\"finish_reason\":\"stop\"");
    private static final String HELLO = choice("\"delta\":{\"content\":\"Hello\"},\"finish_reason\":null");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"delta\":{\"role\":\"assistant\",\"content\":\"\",\"refusal\":null},\"finish_reason\":null|Meta",
                "\"delta\":{\"role\":\"assistant\",\"content\":null,\"tool_calls\":null}|Meta",
                "\"delta\":{\"content\":[]}|Meta",
                "\"delta\":{}|Meta",
                "\"delta\":null|Meta",
                "\"text\":\"\"|Meta",
                "\"finish_reason\":\"\"|Meta",
                "\"message\":{\"content\":\"x\"},\"delta\":{\"content\":\"\"}|Meta",
                "\"delta\":{\"role\":\"assistant\",\"content\":\"x\"}|Content",
                "\"delta\":{\"content\":\" \"}|Content",
                "\"delta\":{\"content\":[{\"type\":\"thinking\"}]}|Content",
                "\"delta\":{\"tool_calls\":[{\"index\":0}]}|Content",
                "\"delta\":{\"function_call\":{\"name\":\"f\"}}|Content",
                "\"delta\":{\"refusal\":\"I\"}|Content",
                "\"delta\":{\"reasoning\":\"Hm\"}|Content",
                "\"delta\":{\"reasoning_content\":\"Hm\"}|Content",
                "\"delta\":{\"reasoning_details\":[{}]}|Content",
                "\"delta\":{\"audio\":{\"id\":\"a\"}}|Content",
                "\"text\":\"x\"|Content",
                "\"delta\":{\"content\":\"\\ud83d\"}|Content",
                "\"delta\":{\"name\":\"\\ud83d\"}|Meta",
                "\"delta\":{},\"finish_reason\":\"stop\"|Content",
                "\"delta\":{},\"finish_reason\":\"tool_calls\"|Content"
            })
    void saysWhetherAChoiceHasWhatTheClientWaitsFor(String choice, String expected) throws IOException {
        assertEquals(List.of(expected), seen(choice(choice)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":1}}|UsageOnly",
                "data: {\"choices\":[],\"usage\":null}|Meta",
                "data: {\"choices\":[],\"prompt_filter_results\":[{}]}|Meta",
                "data: [DONE]|Terminal",
                "data:[DONE]|Terminal",
                ": OPENROUTER PROCESSING|Meta",
                "event: ping|Meta",
                "data:|Meta",
                "data: {\"choices\":[{\"delta\"|Content",
                "data: hello|Content",
                "data: {\"value\":\"Sure\"}|Content",
                "data: {\"choices\":\"x\"}|Content",
                "data: [1]|Content",
                "data: {\"type\":\"transcript.text.delta\",\"delta\":\"x\"}|Content",
                "data: {\"error\":null,\"choices\":[{\"delta\":{\"content\":\"x\"}}]}|Content"
            })
    void saysWhatAnEventIsFor(String event, String expected) throws IOException {
        assertEquals(List.of(expected), seen(event + "\n\n"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "data: {\"error\":{\"message\":\"x\",\"type\":\"server_error\",\"code\":null}}|Failed[status=500,"
                        + " pause=Optional.empty]",
                "data: {\"error\":{\"message\":\"x\"}}|Failed[status=500, pause=Optional.empty]",
                "data: {\"error\":\"x\"}|Failed[status=500, pause=Optional.empty]",
                "data: {\"error\":{\"type\":\"overloaded_error\"}}|Failed[status=529, pause=Optional.empty]",
                "data: {\"error\":{\"code\":502},\"choices\":[{\"delta\":{\"content\":\"\"}}]}|Failed[status=502,"
                        + " pause=Optional.empty]",
                "data: {\"error\":{\"code\":\"rate_limit_exceeded\"}}|Throttled[pause=Optional.empty, quotaGone=false]",
                "data: {\"error\":{\"code\":\"insufficient_quota\"}}|Throttled[pause=Optional.empty, quotaGone=true]",
                "data: {\"error\":{\"code\":\"invalid_api_key\"}}|KeyRefused[status=401]",
                "event: error~data: {\"error\":{\"code\":\"tool_use_failed\"},\"status_code\":400}|Refused[status=400]",
                "event: error~data: {\"message\":\"x\",\"status_code\":503}|Failed[status=503, pause=Optional.empty]",
                "event: error~data: oh no|Failed[status=500, pause=Optional.empty]"
            })
    @DisplayName("may say that it failed, with a status of 200 (U-30)")
    void maySayThatItFailed(String event, String expected) throws IOException {
        StreamReading reading = StreamReading.of(Dialect.OPENAI, true);
        Seen seen = read(reading, event.replace('~', '\n') + "\n\n").getFirst();
        assertEquals("Failure[signal=" + expected + "]", seen.toString());
        read(reading, "data: [DONE]\n\n");
        assertFalse(reading.complete());
    }

    @Test
    @DisplayName("is complete with its terminal event, or when every choice is finished (U-27)")
    void isCompleteAtItsEnd() throws IOException {
        assertTrue(complete(HELLO + "data: [DONE]\n\n"));
        assertTrue(complete(HELLO + "data: [DONE] \n\n"));
        assertTrue(complete(HELLO + FINISHED));
        assertTrue(complete(HELLO + FINISHED.strip()));
        assertTrue(complete(HELLO + "data: [DONE]"));
        assertFalse(complete(HELLO));
        assertFalse(complete(""));
        assertFalse(complete(HELLO + FINISHED.substring(0, FINISHED.length() - 6)));
        assertFalse(complete(HELLO + "data: {\"choices\":[],\"usage\":{\"total_tokens\":1}}\n\n"));
        String second = HELLO.replace("\"index\":0", "\"index\":1");
        assertFalse(complete(HELLO + second + FINISHED));
        assertTrue(complete(HELLO + second + FINISHED + FINISHED.replace("\"index\":0", "\"index\":1")));
        String many = HELLO.replace("\"index\":0", "\"index\":126") + HELLO.replace("\"index\":0", "\"index\":127");
        assertFalse(complete(many + FINISHED.replace("\"index\":0", "\"index\":127")));
        assertTrue(complete(HELLO.replace("\"index\":0,", "") + FINISHED.replace("\"index\":0,", "")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "data: {\"type\":\"transcript.text.done\",\"text\":\"x\"}\n\n",
                "event: image_generation.completed\ndata: {\"type\":\"image_generation.completed\"}\n\n",
                "data: {\"type\":\"image_edit.completed\"}\n\n",
                "data: {\"type\":\"speech.audio.done\",\"usage\":{\"input_tokens\":1}}\n\n"
            })
    void isCompleteWithTheLastEventOfImagesAndSound(String event) throws IOException {
        StreamReading reading = StreamReading.of(Dialect.OPENAI, true);
        assertEquals("Content", word(read(reading, event).getFirst()));
        assertTrue(reading.complete());
    }

    @Test
    void isCompleteWithALastImageThatIsTooLargeToBeRead() throws IOException {
        String image = "{\"type\":\"image_generation.completed\",\"b64_json\":\"" + "A".repeat(3 << 20) + "\"}";
        StreamReading reading = StreamReading.of(Dialect.OPENAI, true);
        List<Seen> seen = read(reading, "data: " + image + "\n\n");
        assertTrue(seen.size() > 2 && seen.stream().allMatch(one -> word(one).equals("Content")));
        assertTrue(reading.complete());
        assertFalse(complete("data: " + image.replace("completed", "partial_image") + "\n\n"));
    }

    @Test
    void isNotSpoiltByAnErrorBehindItsEnd() throws IOException {
        StreamReading reading = StreamReading.of(Dialect.OPENAI, true);
        read(reading, HELLO + FINISHED + "data: {\"error\":{\"code\":400},\"choices\":[]}\n\n");
        assertTrue(reading.complete());
    }

    @Test
    @DisplayName("keeps the last count of tokens (S-9)")
    void keepsTheLastCount() throws IOException {
        StreamReading reading = StreamReading.of(Dialect.OPENAI, true);
        read(reading, HELLO);
        assertEquals(Optional.empty(), reading.usage());
        read(reading, "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":1}}\n\n");
        read(reading, "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":-1}}\n\n");
        assertEquals(Optional.of(new Usage(3, 0, 0, 0)), reading.usage());
        read(reading, "data: {\"choices\":[],\"usage\":null}\n\ndata: [DONE]\n\n");
        assertEquals(Optional.of(new Usage(3, 0, 0, 0)), reading.usage());
    }

    @Test
    @DisplayName("may count tokens in a choice, as Moonshot does; what stands outside counts more")
    void mayCountInAChoice() throws IOException {
        String counted = choice("\"delta\":{},\"finish_reason\":\"stop\",\"usage\":{\"prompt_tokens\":3}");
        StreamReading reading = StreamReading.of(Dialect.OPENAI, true);
        read(reading, HELLO + counted);
        assertEquals(Optional.of(new Usage(3, 0, 0, 0)), reading.usage());
        read(reading, counted.replace("\"choices\"", "\"usage\":{\"prompt_tokens\":4},\"choices\""));
        assertEquals(Optional.of(new Usage(4, 0, 0, 0)), reading.usage());
    }

    @Test
    void saysWhereAnEventNamesTheModel() throws IOException {
        SseEvent event = events("event: x\r\ndata: {\"choices\":[],\"model\":\"gpt-4o-2024\"}\r\n\r\n").getFirst();
        Seen.Meta seen = (Seen.Meta) StreamReading.of(Dialect.OPENAI, true).read(event);
        Span model = seen.model().orElseThrow();
        assertEquals(
                "event: x\r\ndata: {\"choices\":[],\"model\":\"mine\"}\r\n\r\n",
                new String(event.replaced(model, "\"mine\"".getBytes(UTF_8)), UTF_8));
    }

    private static String choice(String members) {
        return "data: {\"model\":\"m\",\"choices\":[{\"index\":0," + members + "}]}\n\n";
    }

    private static boolean complete(String stream) throws IOException {
        StreamReading reading = StreamReading.of(Dialect.OPENAI, true);
        read(reading, stream);
        return reading.complete();
    }

    private static List<String> seen(String stream) throws IOException {
        return read(StreamReading.of(Dialect.OPENAI, true), stream).stream().map(StreamReadingTest::word).toList();
    }

    static String word(Seen seen) {
        return seen.getClass().getSimpleName();
    }

    private static List<Seen> read(StreamReading reading, String stream) throws IOException {
        return events(stream).stream().map(reading::read).toList();
    }

    static List<SseEvent> events(String stream) throws IOException {
        InputStream in = new ByteArrayInputStream(stream.getBytes(UTF_8));
        SseReader reader = new SseReader(in::read);
        List<SseEvent> events = new ArrayList<>();
        for (Optional<SseEvent> event = reader.next(); event.isPresent(); event = reader.next())
            events.add(event.get());
        return events;
    }
}
