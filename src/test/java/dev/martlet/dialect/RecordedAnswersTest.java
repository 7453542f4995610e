package dev.martlet.dialect;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.martlet.Dialect;
import dev.martlet.Fields;
import dev.martlet.Operation;
import dev.martlet.Operation.Kind;
import dev.martlet.Refused;
import dev.martlet.Usage;
import dev.martlet.dialect.AnswerReading.Answered;
import dev.martlet.dialect.RequestReading.Wording;
import dev.martlet.dialect.StreamReading.Seen;
import dev.martlet.wire.Json;
import dev.martlet.wire.Span;
import dev.martlet.wire.SseEvent;
import dev.martlet.wire.SseReader;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.function.Predicate;

/// What real providers answered, one line a recording: `-Dgolden=write` rewrites the tables, the diff is the review.
@DisplayName("Recorded traffic of the OpenAI dialect")
class RecordedAnswersTest {
    private static final Path CORPUS = Path.of("src/test/resources/corpus/exchanges.jsonl");
    private static final Path GOLDEN = Path.of("src/test/resources/golden");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, Kind> KINDS =
            Map.of(
                    "openai.chat", Kind.CHAT,
                    "openai.completions", Kind.COMPLETIONS,
                    "openai.embeddings", Kind.EMBEDDINGS,
                    "openai.moderations", Kind.MODERATIONS,
                    "openai.images", Kind.IMAGES,
                    "openai.audio", Kind.AUDIO);

    private record Recording(
            String id, String provider, Kind kind, int status, Fields head, String request, String response) {
        static Recording of(JsonNode node) {
            String type = node.path("contentType").asText();
            return new Recording(
                    node.path("id").asText(),
                    node.path("provider").asText(),
                    Objects.requireNonNull(KINDS.get(node.path("api").asText())),
                    node.path("status").asInt(),
                    type.isEmpty() ? Fields.NONE : Fields.of("Content-Type", type),
                    node.path("request").asText(),
                    node.path("response").asText());
        }

        boolean streams() {
            boolean typed = head.first("Content-Type").filter(type -> type.startsWith("text/event-stream")).isPresent();
            return status == 200 && (typed || response.startsWith("data:"));
        }

        byte[] bytes() {
            return response.getBytes(UTF_8);
        }

        String name() {
            return id + " " + provider + " " + kind.word();
        }
    }

    @Test
    @DisplayName("whole answers mean what they meant")
    void wholeAnswers() throws IOException {
        compare("answer/recorded.txt", recordings(one -> !one.streams()), RecordedAnswersTest::answer);
    }

    @Test
    @DisplayName("streams are what they were, complete or not")
    void streams() throws IOException {
        compare("stream/recorded.txt", recordings(Recording::streams), RecordedAnswersTest::stream);
    }

    @Test
    @DisplayName("requests reach the upstream with nothing changed but the model and the wish for a count of tokens")
    void requests() throws IOException {
        List<Recording> asked = recordings(one -> one.request().startsWith("{"));
        for (Recording recording : asked) requestIsKept(recording);
        assertTrue(asked.size() > 100, asked.size() + " requests");
    }

    @Test
    @DisplayName("whatever chance makes of it is read without a fault of ours, and not a byte of a stream is lost")
    void mutants() throws IOException {
        Random random = new Random(11);
        for (Recording recording : recordings(one -> one.response().length() < 20_000)) {
            for (int i = 0; i < 20; i++) {
                byte[] mutant = mutant(recording.bytes(), random);
                answer(recording, mutant);
                ByteArrayOutputStream raw = new ByteArrayOutputStream();
                StreamReading reading = StreamReading.of(Dialect.OPENAI, true);
                for (SseEvent event : events(mutant, random)) {
                    Optional<Span> model = model(reading.read(event));
                    if (model.isPresent()) event.replaced(model.get(), Json.string("mine"));
                    raw.writeBytes(event.raw());
                }
                assertArrayEquals(mutant, raw.toByteArray(), recording.name());
            }
        }
    }

    private static byte[] mutant(byte[] original, Random random) {
        byte[] octets = "{}[]\",:\\0-e\r\n \0\u00ff".getBytes(UTF_8);
        byte[] mutant =
                Arrays.copyOf(original, random.nextInt(3) == 0 ? random.nextInt(original.length + 1) : original.length);
        for (int i = random.nextInt(4); i > 0 && mutant.length > 0; i--) {
            mutant[random.nextInt(mutant.length)] = octets[random.nextInt(octets.length)];
        }
        return mutant;
    }

    private static void requestIsKept(Recording recording) throws IOException {
        byte[] json = recording.request().getBytes(UTF_8);
        Optional<ObjectNode> sent = object(json);
        Operation operation = new Operation(recording.kind(), "/x");
        boolean mayLackModel = recording.kind() == Kind.MODERATIONS || recording.kind() == Kind.IMAGES;
        // Azure has the model in the path, and some were recorded because they are wrong.
        if (sent.isEmpty() || !(sent.get().has("model") || mayLackModel)) {
            assertThrows(Refused.class, () -> RequestReading.of(operation, json, Fields.NONE), recording.name());
            return;
        }
        RequestReading reading = RequestReading.of(operation, json, Fields.NONE);
        assertArrayEquals(json, reading.body(new Wording(reading.model(), reading.stream(), false)), recording.name());
        ObjectNode expected = sent.get();
        if (expected.has("model")) expected.put("model", "another \"one\"");
        boolean counts = recording.kind() == Kind.CHAT || recording.kind() == Kind.COMPLETIONS;
        if (reading.stream() && counts) expected.withObject("stream_options").put("include_usage", true);
        assertEquals(
                expected,
                JSON.readTree(reading.body(new Wording("another \"one\"", reading.stream(), true))),
                recording.name());
    }

    private static Optional<ObjectNode> object(byte[] json) {
        try {
            return Optional.of((ObjectNode) JSON.readTree(json));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static AnswerReading answer(Recording recording, byte[] body) {
        Operation operation = new Operation(recording.kind(), "/x");
        Answered answered =
                new Answered(Dialect.OPENAI, operation, recording.status(), recording.head(), body, true, true);
        return AnswerReading.of(answered, Instant.EPOCH);
    }

    private static String answer(Recording recording) {
        AnswerReading reading = answer(recording, recording.bytes());
        String model = reading.model().map(span -> text(recording.bytes(), span)).orElse("-");
        String page = reading.page() ? " page" : "";
        return recording.status()
                + " -> "
                + reading.signal()
                + ", model "
                + model
                + ", usage "
                + text(reading.usage())
                + page;
    }

    private static String stream(Recording recording) {
        StreamReading reading = StreamReading.of(Dialect.OPENAI, true);
        Map<String, Integer> seen = new LinkedHashMap<>();
        ByteArrayOutputStream raw = new ByteArrayOutputStream();
        ByteArrayOutputStream renamed = new ByteArrayOutputStream();
        for (SseEvent event : events(recording.bytes(), new Random(recording.id().hashCode()))) {
            raw.writeBytes(event.raw());
            Seen one = reading.read(event);
            Optional<Span> model = model(one);
            renamed.writeBytes(model.map(span -> event.replaced(span, Json.string("mine"))).orElse(event.raw()));
            seen.merge(
                    one instanceof Seen.Failure failure ? failure.toString() : StreamReadingTest.word(one),
                    1,
                    Integer::sum);
        }
        assertArrayEquals(recording.bytes(), raw.toByteArray(), recording.name());
        assertEquals(
                recording.response().replaceAll("(?m)^(data: .*?\"model\": ?)\"[^\"]*\"", "$1\"mine\""),
                renamed.toString(UTF_8),
                recording.name());
        return (reading.complete() ? "complete " : "incomplete ") + seen + ", usage " + text(reading.usage());
    }

    private static Optional<Span> model(Seen seen) {
        return switch (seen) {
            case Seen.Content(Optional<Span> model) -> model;
            case Seen.Meta(Optional<Span> model) -> model;
            case Seen.UsageOnly(Optional<Span> model) -> model;
            case Seen.Failure _, Seen.Terminal _ -> Optional.empty();
        };
    }

    /// Cut anywhere, also inside a line or a character.
    private static List<SseEvent> events(byte[] stream, Random random) {
        InputStream in = new ByteArrayInputStream(stream);
        SseReader reader =
                new SseReader((into, from, length) -> in.read(into, from, Math.min(length, 1 + random.nextInt(200))));
        List<SseEvent> events = new ArrayList<>();
        try {
            for (Optional<SseEvent> one = reader.next(); one.isPresent(); one = reader.next()) events.add(one.get());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return events;
    }

    private static List<Recording> recordings(Predicate<Recording> wanted) throws IOException {
        try (MappingIterator<JsonNode> lines = JSON.readerFor(JsonNode.class).readValues(CORPUS.toFile())) {
            return lines.readAll().stream()
                    .filter(node -> KINDS.containsKey(node.path("api").asText()))
                    .filter(node -> !node.path("method").asText().equals("GET"))
                    .map(Recording::of)
                    .filter(wanted)
                    .toList();
        }
    }

    private static void compare(String golden, List<Recording> recordings, Function<Recording, String> reading)
            throws IOException {
        StringBuilder table = new StringBuilder();
        for (Recording recording : recordings) {
            table.append(recording.name()).append(": ").append(reading.apply(recording)).append('\n');
        }
        Path file = GOLDEN.resolve(golden);
        if ("write".equals(System.getProperty("golden"))) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, table);
        }
        assertEquals(Files.readString(file), table.toString());
    }

    private static String text(byte[] bytes, Span span) {
        return new String(bytes, span.from(), span.length(), UTF_8);
    }

    private static String text(Optional<Usage> usage) {
        return usage.map(one -> one.input() + "/" + one.cached() + "/" + one.output() + "/" + one.reasoning())
                .orElse("-");
    }
}
