package dev.martlet.dialect;

import static org.junit.jupiter.api.Assertions.assertEquals;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.core.util.Separators.Spacing;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.martlet.Dialect;
import dev.martlet.Operation.Kind;
import dev.martlet.Refusal;
import dev.martlet.Refused;
import dev.martlet.dialect.Translation.Translated;
import dev.martlet.wire.JsonTree;
import dev.martlet.wire.SseEvent;
import dev.martlet.wire.SseReader;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Each `golden/<folder>/<case>.<from>.json` (of a stream: `.txt`, the bytes of the provider) has beside it
/// `<case>.<from>.to-<target>` for every other dialect, and a stream `<case>.<from>.collected.json`. `-Dgolden=write`
/// rewrites those; the diff is the review. Cases whose name begins with `embeddings` are no chats, and those of answers that
/// begin with `error-` and a status are errors.
@DisplayName("Goldens of the dialects")
class DialectGoldenTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden");
    private static final List<Dialect> DIALECTS = List.of(Dialect.OPENAI, Dialect.ANTHROPIC, Dialect.GEMINI);
    private static final Heading HEADING = new Heading("0123456789abcdef", 1_700_000_000, "the-callers-model", true);
    private static final ObjectMapper JSON = new ObjectMapper();

    /// One source on its way to one target.
    record Way(Path folder, String name, Dialect from, Dialect to, String ending) {
        Path source() {
            return folder.resolve(name + "." + from.word() + ending);
        }

        Path target() {
            return folder.resolve(name + "." + from.word() + ".to-" + to.word() + ending);
        }

        byte[] content() throws IOException {
            return Files.readAllBytes(source());
        }

        ObjectNode tree() throws IOException {
            return (ObjectNode)
                    JsonTree.read(content()).orElseThrow(() -> new AssertionError(source() + " is no JSON"));
        }

        Kind kind() {
            return name.startsWith("embeddings") ? Kind.EMBEDDINGS : Kind.CHAT;
        }

        Optional<Integer> error() {
            return name.startsWith("error-") ? Optional.of(Integer.parseInt(name.substring(6, 9))) : Optional.empty();
        }

        @Override
        public String toString() {
            return name + ": " + from.word() + " to " + to.word();
        }
    }

    static Stream<Way> requests() throws IOException {
        return ways("request", ".json");
    }

    static Stream<Way> answers() throws IOException {
        return ways("answer", ".json");
    }

    static Stream<Way> streams() throws IOException {
        return ways("stream", ".txt");
    }

    private static Stream<Way> ways(String folder, String ending) throws IOException {
        List<Way> ways = new ArrayList<>();
        Path path = GOLDEN.resolve(folder);
        try (Stream<Path> files = Files.list(path)) {
            for (String file : files.map(file -> file.getFileName().toString()).sorted().toList()) {
                for (Dialect from : DIALECTS) {
                    String end = "." + from.word() + ending;
                    if (!file.endsWith(end)) continue;
                    String name = file.substring(0, file.length() - end.length());
                    for (Dialect to : DIALECTS) {
                        Way way = new Way(path, name, from, to, ending);
                        if (to != from && Idiom.of(to).has(way.kind())) ways.add(way);
                    }
                }
            }
        }
        return ways.stream();
    }

    @ParameterizedTest(name = "{0}", allowZeroInvocations = true)
    @MethodSource("requests")
    void requestIsTranslated(Way way) throws IOException {
        ObjectNode asked = way.tree();
        ObjectNode before = asked.deepCopy();
        compare(way.target(), pretty(request(way, asked)));
        assertEquals(before, asked, "the caller's tree was changed");
    }

    private static ObjectNode request(Way way, ObjectNode asked) throws IOException {
        ObjectNode golden = JsonNodeFactory.instance.objectNode();
        Translation translation = Translation.between(way.from(), way.to());
        try {
            boolean stream = asked.path("stream").asBoolean() || way.name().startsWith("stream");
            Translated there = translation.request(way.kind(), asked, model(way.to()), stream);
            golden.put("path", there.path()).set("body", JSON.readTree(there.body()));
            there.dropped().forEach(golden.putArray("dropped")::add);
        } catch (Refused refused) {
            ObjectNode why = golden.putObject("refused").put("status", refused.why().status());
            if (refused.why() instanceof Refusal.BadRequest(String code, String message, Optional<String> param)) {
                why.put("param", param.orElse("")).put("code", code).put("message", message);
            }
        }
        return golden;
    }

    private static String model(Dialect dialect) {
        return switch (dialect) {
            case OPENAI, RESPONSES -> "gpt-5-mini";
            case ANTHROPIC -> "claude-sonnet-4-5";
            case GEMINI -> "gemini-2.5-flash";
        };
    }

    @ParameterizedTest(name = "{0}", allowZeroInvocations = true)
    @MethodSource("answers")
    void answerIsTranslated(Way way) throws IOException, Garbled {
        Translation translation = Translation.between(way.to(), way.from());
        Optional<Integer> status = way.error();
        byte[] answer =
                status.isPresent()
                        ? translation.error(status.get(), way.content()).orElseThrow()
                        : translation.answer(way.kind(), way.content(), HEADING);
        compare(way.target(), pretty(JSON.readTree(answer)));
    }

    @ParameterizedTest(name = "{0}", allowZeroInvocations = true)
    @MethodSource("streams")
    void streamIsTranslated(Way way) throws IOException, Garbled {
        byte[] content = way.content();
        compare(way.target(), new String(translated(way, content, content.length), UTF_8));
        compare(way.source().resolveSibling(way.name() + "." + way.from().word() + ".collected.json"), collected(way));
    }

    @ParameterizedTest(name = "{0}", allowZeroInvocations = true)
    @MethodSource("streams")
    void streamMayBeSplitAnywhere(Way way) throws IOException, Garbled {
        byte[] content = way.content();
        String whole = new String(translated(way, content, content.length), UTF_8);
        for (int split = 1; split < content.length; split++) {
            assertEquals(whole, new String(translated(way, content, split), UTF_8), "split at " + split);
        }
    }

    /// @param split where the first piece of the stream ends
    private static byte[] translated(Way way, byte[] content, int split) throws IOException, Garbled {
        StreamTranslation stream = Translation.between(way.to(), way.from()).stream(HEADING);
        List<byte[]> written = new ArrayList<>();
        SseReader reader = reader(content, split);
        for (Optional<SseEvent> event = reader.next(); event.isPresent(); event = reader.next()) {
            written.addAll(stream.next(event.get()));
        }
        written.addAll(stream.end());
        byte[] all = new byte[written.stream().mapToInt(piece -> piece.length).sum()];
        int at = 0;
        for (byte[] piece : written) {
            System.arraycopy(piece, 0, all, at, piece.length);
            at += piece.length;
        }
        return all;
    }

    private static String collected(Way way) throws IOException, Garbled {
        Collect collect = Idiom.of(way.from()).collect();
        SseReader reader = reader(way.content(), 1);
        for (Optional<SseEvent> event = reader.next(); event.isPresent(); event = reader.next()) {
            Optional<Event> read = Event.read(event.get());
            if (read.isPresent()) collect.add(read.get());
        }
        return pretty(JSON.readTree(JsonTree.write(collect.whole())));
    }

    private static SseReader reader(byte[] content, int split) {
        int[] at = {0};
        return new SseReader((into, from, length) -> {
            int until = at[0] < split ? split : content.length;
            int count = Math.min(length, until - at[0]);
            if (count == 0) return -1;
            System.arraycopy(content, at[0], into, from, count);
            at[0] += count;
            return count;
        });
    }

    private static void compare(Path golden, String actual) throws IOException {
        if ("write".equals(System.getProperty("golden"))) Files.writeString(golden, actual);
        String expected = Files.exists(golden) ? Files.readString(golden) : "no " + golden;
        assertEquals(expected, actual, golden + " says otherwise; -Dgolden=write if that is right");
    }

    private static String pretty(JsonNode tree) throws IOException {
        DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
        Separators separators = Separators.createDefaultInstance().withObjectFieldValueSpacing(Spacing.AFTER);
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter(separators);
        printer.indentObjectsWith(indenter);
        printer.indentArraysWith(indenter);
        return JSON.writer(printer).writeValueAsString(tree) + "\n";
    }
}
