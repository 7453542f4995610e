package dev.martlet.dialect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.martlet.Dialect;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// What survives the way from one dialect to another, as the goldens show it, is what the READMEs say, and which fields it is
/// about `src/docs/dialects.md`: `-Dgolden=write` writes the table between `<!-- dialects -->` and `<!-- /dialects -->`.
@DisplayName("The table of what survives")
class SupportMatrixTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden");
    private static final String BEGIN = "<!-- dialects -->\n";
    private static final String END = "<!-- /dialects -->";
    private static final ObjectMapper JSON = new ObjectMapper();

    /// From one dialect to another; for answers and streams it is the channel's that they come from.
    private record Way(Dialect from, Dialect to) {
        static final List<Way> ALL = all();

        private static List<Way> all() {
            List<Way> ways = new ArrayList<>();
            for (Dialect from : Checks.DIALECTS) {
                for (Dialect to : Checks.DIALECTS) if (to != from) ways.add(new Way(from, to));
            }
            return List.copyOf(ways);
        }

        /// Of the golden that a case became.
        Path golden(Path folder, String name, String ending) {
            return folder.resolve(name + "." + from.word() + ".to-" + to.word() + ending);
        }

        @Override
        public String toString() {
            return from.word() + " → " + to.word();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "README.zh-CN.md", "src/docs/dialects.md"})
    @DisplayName("is what the goldens show")
    void isWhatTheGoldensShow(String file) throws IOException {
        Path readme = Path.of(file);
        String text = Files.readString(readme);
        int begin = text.indexOf(BEGIN) + BEGIN.length();
        int end = text.indexOf(END);
        assertTrue(begin >= BEGIN.length() && end >= begin, file + " has no " + BEGIN + END);
        String table = file.startsWith("README") ? table().replaceAll("( [✓−✗])[ −]*`[^|]*", "$1 ") : table();
        if ("write".equals(System.getProperty("golden"))) {
            text = text.substring(0, begin) + table + text.substring(end);
            Files.writeString(readme, text);
            end = text.indexOf(END);
        }
        assertEquals(table, text.substring(begin, end), file + ": -Dgolden=write if the goldens are right");
    }

    private static String table() throws IOException {
        String head = Way.ALL.stream().map(Way::toString).collect(joining(" | ", "| | ", " |\n"));
        return head
                + "|---".repeat(Way.ALL.size() + 1)
                + "|\n"
                + rows("request", ".json")
                + rows("answer", ".json")
                + rows("stream", ".txt");
    }

    private static String rows(String kind, String ending) throws IOException {
        Path folder = GOLDEN.resolve(kind);
        StringBuilder rows = new StringBuilder();
        for (String name : names(folder, ending)) {
            rows.append("| ").append(kind).append(": ").append(name.replace('-', ' '));
            for (Way way : Way.ALL) rows.append(" | ").append(outcome(way, folder, name, ending));
            rows.append(" |\n");
        }
        return rows.toString();
    }

    /// The cases of a folder: `tools` of `tools.openai.to-gemini.json`.
    private static SortedSet<String> names(Path folder, String ending) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            SortedSet<String> names = new TreeSet<>();
            files.map(file -> file.getFileName().toString())
                    .filter(file -> file.contains(".to-") && file.endsWith(ending))
                    .forEach(file -> names.add(file.substring(0, file.indexOf('.'))));
            return names;
        }
    }

    private static String outcome(Way way, Path folder, String name, String ending) throws IOException {
        Path golden = way.golden(folder, name, ending);
        if (!Files.exists(golden)) return "";
        if (folder.endsWith("request")) return outcome(JSON.readTree(golden.toFile()));
        // No chats, and checked by their goldens alone.
        if (name.startsWith("error") || name.startsWith("embeddings")) return "✓";
        Path source = folder.resolve(name + "." + way.from().word() + ending);
        Optional<String> lost = Gist.lost(way.from(), gist(way.from(), source), way.to(), gist(way.to(), golden));
        return lost.map(what -> "− `" + what.split(":", 2)[0] + "`").orElse("✓");
    }

    private static Gist gist(Dialect dialect, Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        return file.toString().endsWith(".txt")
                ? Gist.of(dialect, Exchange.data(Exchange.events(bytes)))
                : Gist.of(dialect, JSON.readTree(bytes));
    }

    private static String outcome(JsonNode request) {
        if (request.has("refused")) {
            String param = request.path("refused").path("param").asText();
            return param.isEmpty() ? "✗" : "✗ `" + param + "`";
        }
        return StreamSupport.stream(request.path("dropped").spliterator(), false)
                .map(field -> "`" + field.asText() + "`")
                .reduce((one, other) -> one + " " + other)
                .map(fields -> "− " + fields)
                .orElse("✓");
    }
}
