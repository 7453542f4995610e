package dev.martlet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.util.stream.Collectors.joining;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Keeps the walls between the rooms where they stand, and the maps of them true: `rooms.txt` and the table in each README.
///
/// Reads sources, not classes: an import that only a comment needs would not count, one that the compiler inlines does.
@DisplayName("The rooms")
class RoomsTest {
    private static final Path MAIN = Path.of("src/main/java/dev/martlet");
    private static final Path MAP = Path.of("src/test/resources/rooms.txt");
    private static final String ROOT = "root";
    private static final Set<String> SKILLS =
            Set.of("admission", "routing", "dialect", "upstream", "store", "telemetry");

    private static List<Source> sources = List.of();

    @BeforeAll
    static void readsTheSources() throws IOException {
        try (Stream<Path> files = Files.walk(MAIN)) {
            List<Source> read = new ArrayList<>();
            for (Path file : files.filter(path -> path.toString().endsWith(".java")).sorted().toList()) {
                read.add(Source.of(file.toString(), Files.readString(file)));
            }
            sources = List.copyOf(read);
        }
        assertTrue(sources.size() > 50, "too few sources in " + MAIN.toAbsolutePath());
    }

    @Test
    void importEachOtherWithoutCycles() {
        assertEquals(Set.of(), cycles(sources));
    }

    @Test
    void thatAreSkillsDoNotKnowEachOther() {
        assertEquals(List.of(), imports(sources, SKILLS::contains, SKILLS::contains));
    }

    @Test
    void ofUpstreamAndAdmissionAreEnteredByRelayAndAppOnly() {
        assertEquals(List.of(), imports(sources, not("relay", "app"), Set.of("upstream", "admission")::contains));
    }

    @Test
    void ofRoutingIsEnteredByThoseAndAdminAndOperationsOnly() {
        assertEquals(List.of(), imports(sources, not("relay", "app", "admin", "operations"), "routing"::equals));
    }

    @Test
    void keepHelidonsServerInServerAndItsClientInApp() {
        assertEquals(List.of(), uses(sources, not("server"), "io\\.helidon\\.(?:webserver|common|http)\\."));
        assertEquals(List.of(), uses(sources, not("app"), "io\\.helidon\\.webclient\\."));
    }

    @Test
    void keepYamlInConfigAndSqlInStore() {
        assertEquals(List.of(), uses(sources, not("config"), "org\\.yaml\\."));
        assertEquals(List.of(), uses(sources, not("config", "telemetry"), "io\\.helidon\\.config\\."));
        assertEquals(List.of(), uses(sources, "telemetry"::equals, "io\\.helidon\\.config\\.(?!Config\\b)"));
        assertEquals(List.of(), uses(sources, not("store"), "javax?\\.sql\\."));
    }

    @Test
    void splitBytesIntoMessagesInWireOnly() {
        assertEquals(List.of(), splitters(sources));
    }

    @Test
    void stayOutOfTheRoot() {
        assertEquals(List.of(), imports(sources, ROOT::equals, not(ROOT)));
        assertEquals(List.of(), imports(sources, "wire"::equals, not(ROOT)));
    }

    @Test
    void haveADoorPlateEach() {
        Set<String> plates = new TreeSet<>();
        for (Source source : sources) {
            boolean plate = source.file().endsWith("package-info.java") && source.text().startsWith("/// ");
            if (plate && source.code().contains("@NullMarked")) plates.add(source.room());
        }
        assertEquals(map(sources).keySet(), plates);
    }

    @Test
    void areAsTheMapSays() throws IOException {
        String map = Files.readAllLines(MAP).stream().filter(line -> !line.startsWith("#")).collect(joining("\n"));
        assertEquals(map, String.join("\n", map(sources).values()), MAP + " (first) differs from the sources (second)");
    }

    @Test
    void areAsTheReadmeSays() throws IOException {
        assertEquals(Files.readString(MAP).strip(), readme("README.md"));
    }

    @Test
    void areAsTheChineseReadmeSays() throws IOException {
        assertEquals(Files.readString(MAP).strip(), readme("README.zh-CN.md"));
    }

    @Test
    @DisplayName("would be caught breaking each law")
    void breaksAreSeen() {
        List<Source> circle =
                List.of(fake("relay", "import dev.martlet.server.Door;"), fake("server", "dev.martlet.relay.A a;"));
        assertEquals(Set.of("relay", "server"), cycles(circle));
        assertNotEquals(
                List.of(), imports(of("store", "import dev.martlet.routing.*;"), SKILLS::contains, SKILLS::contains));
        assertNotEquals(
                List.of(),
                imports(of("admin", "import static dev.martlet.upstream.A.b;"), not("app"), "upstream"::equals));
        assertNotEquals(List.of(), uses(of("relay", "java.sql.Date d;"), not("store"), "javax?\\.sql\\."));
        assertNotEquals(List.of(), splitters(of("server", "byte[] b = bytes(\"\\r\\n\\r\\n\");")));
        assertNotEquals(List.of(), splitters(of("upstream", "in.readLine();")));
        List<Source> talk = of("wire", "// dev.martlet.relay.Relay\nString s = \"dev.martlet.relay.Relay\";");
        assertEquals(List.of(), imports(talk, "wire"::equals, not(ROOT)));
    }

    /// One file: its code without comments and literals, and its literals.
    private record Source(String file, String room, String text, String code, List<String> literals) {
        private static final Pattern PACKAGE = Pattern.compile("(?m)^package dev\\.martlet(?:\\.([a-z]+))?;");
        private static final String TEXT_BLOCK = "\"\"\"(?:[^\"\\\\]|\\\\.|\"(?!\"\"))*+\"\"\"";
        private static final String STRING = "\"(?:[^\"\\\\\\n]|\\\\.)*+\"";
        private static final String CHARACTER = "'(?:[^'\\\\\\n]|\\\\.)*+'";
        private static final String COMMENT = "//[^\\n]*+|/\\*.*?\\*/";
        private static final Pattern NO_CODE =
                Pattern.compile(String.join("|", TEXT_BLOCK, STRING, CHARACTER, COMMENT), Pattern.DOTALL);
        private static final Pattern USE = Pattern.compile("\\bdev\\.martlet(?:\\.([a-z]+))?\\.(?:[A-Z]|\\*)");
        private static final Pattern TYPE =
                Pattern.compile(
                        "(?m)^public (?:(?:abstract|final|sealed|non-sealed)"
                                + " )*(?:class|interface|record|enum|@interface) (\\w+)");

        static Source of(String file, String text) {
            Matcher matcher = NO_CODE.matcher(text);
            List<String> literals =
                    matcher.results().map(MatchResult::group).filter(found -> !found.startsWith("/")).toList();
            String code = matcher.replaceAll("\"\"");
            Matcher room = PACKAGE.matcher(code);
            assertTrue(room.find(), file + " is in no room");
            return new Source(file, name(room.toMatchResult()), text, code, literals);
        }

        Set<String> imports() {
            Set<String> rooms = new TreeSet<>(USE.matcher(code).results().map(Source::name).toList());
            rooms.remove(room);
            return rooms;
        }

        List<String> publicTypes() {
            return TYPE.matcher(code).results().map(type -> type.group(1)).toList();
        }

        private static String name(MatchResult found) {
            return found.start(1) < 0 ? ROOT : found.group(1);
        }
    }

    /// What is left when the rooms are taken away that import none of those that are left.
    private static Set<String> cycles(List<Source> of) {
        Map<String, Set<String>> left = new TreeMap<>();
        of.forEach(source -> left.computeIfAbsent(source.room(), _ -> new TreeSet<>()).addAll(source.imports()));
        boolean more = true;
        while (more) {
            more = left.values().removeIf(imported -> imported.stream().noneMatch(left::containsKey));
        }
        return left.keySet();
    }

    private static List<String> imports(List<Source> of, Predicate<String> from, Predicate<String> to) {
        return of.stream()
                .filter(source -> from.test(source.room()))
                .flatMap(source -> source.imports().stream().filter(to).map(room -> source.file() + " imports " + room))
                .toList();
    }

    private static List<String> uses(List<Source> of, Predicate<String> where, String what) {
        Pattern pattern = Pattern.compile("\\b(?:" + what + ")");
        return of.stream()
                .filter(source -> where.test(source.room()) && pattern.matcher(source.code()).find())
                .map(source -> source.file() + " uses " + what)
                .toList();
    }

    /// Who looks for the end of a head or reads line by line, but for `wire`. The end of one line may be written by all.
    private static List<String> splitters(List<Source> of) {
        return of.stream()
                .filter(source -> !source.room().equals("wire"))
                .filter(source ->
                        source.literals().stream().anyMatch(literal -> literal.contains("\\r\\n\\r\\n"))
                                || Pattern.compile("\\breadLine\\b").matcher(source.code()).find())
                .map(source -> source.file() + " splits messages")
                .toList();
    }

    /// Each room's line of the map, by its name.
    private static Map<String, String> map(List<Source> of) {
        Map<String, Set<String>> types = new TreeMap<>();
        Map<String, Set<String>> imports = new TreeMap<>();
        for (Source source : of) {
            types.computeIfAbsent(source.room(), _ -> new TreeSet<>()).addAll(source.publicTypes());
            imports.computeIfAbsent(source.room(), _ -> new TreeSet<>()).addAll(source.imports());
        }
        Map<String, String> lines = new TreeMap<>();
        types.forEach((room, names) ->
                lines.put(room, room + " | " + words(names) + " | " + words(imports.getOrDefault(room, Set.of()))));
        return lines;
    }

    private static String words(Set<String> names) {
        return names.isEmpty() ? "-" : String.join(" ", names);
    }

    /// The table between the marks, in the form of `rooms.txt`; its heading in any language.
    private static String readme(String file) throws IOException {
        String text = Files.readString(Path.of(file));
        int from = text.indexOf("<!-- rooms -->");
        int to = text.indexOf("<!-- /rooms -->");
        assertTrue(from >= 0 && to > from, file + " has no table between <!-- rooms --> and <!-- /rooms -->");
        List<String> rows = text.substring(from, to).lines().filter(line -> line.startsWith("|")).skip(2).toList();
        Stream<String> lines =
                rows.stream()
                        .map(row ->
                                Arrays.stream(row.substring(1, row.length() - 1).replace("`", "").split("\\|", -1))
                                        .map(String::strip)
                                        .collect(joining(" | ")));
        return Stream.concat(Stream.of("# room | public types | imports"), lines).collect(joining("\n"));
    }

    private static Predicate<String> not(String... rooms) {
        return Predicate.not(Set.of(rooms)::contains);
    }

    private static List<Source> of(String room, String code) {
        return List.of(fake(room, code));
    }

    private static Source fake(String room, String code) {
        return Source.of("Fake.java", "package dev.martlet." + room + ";\n" + code);
    }
}
