package dev.martlet.dialect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toSet;

import dev.martlet.dialect.Finding.Outcome;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/// Real traffic through every translator, there and back: `src/corpus/run` for all of it, here the project's own part.
@DisplayName("Recorded chats, translated")
class CorpusTest {
    private static final Path EXCEPTIONS = Path.of("src/test/resources/corpus/exceptions.txt");
    private static final Path REPORT = Path.of("target/corpus/report.md");
    private static final int SHOWN_MAX = 40;

    private static List<Finding> findings = List.of();
    private static Map<String, String> exceptions = Map.of();

    @BeforeAll
    static void translates() throws IOException {
        exceptions = exceptions();
        findings = Exchange.chats().stream().flatMap(one -> Checks.of(one).stream()).toList();
        Files.createDirectories(REPORT.getParent());
        Files.writeString(REPORT, CorpusReport.of(findings, exceptions));
        assertTrue(findings.size() > 500, findings.size() + " findings");
    }

    @Test
    @DisplayName("are valid in the other dialect and say what they said")
    void sayTheSame() {
        assertNone(one -> one.outcome() instanceof Outcome.Different && !exceptions.containsKey(one.name()));
    }

    @Test
    @DisplayName("are refused for nothing that has not been thought about")
    void areRefusedForAReason() {
        assertNone(one -> one.outcome() instanceof Outcome.Refused && !exceptions.containsKey(refusal(one)));
    }

    @Test
    @DisplayName("are no exception where there is none")
    void areNoExceptionWithoutNeed() {
        Set<String> sought = findings.stream().map(Finding::name).collect(toSet());
        Set<String> needed = new TreeSet<>();
        for (Finding one : findings) if (!(one.outcome() instanceof Outcome.Same)) needed.add(one.name());
        Set<String> idle = new TreeSet<>(exceptions.keySet());
        idle.retainAll(sought);
        idle.removeAll(needed);
        assertEquals(Set.of(), idle);
    }

    private static void assertNone(Predicate<Finding> wrong) {
        List<Finding> found = findings.stream().filter(wrong).toList();
        assertTrue(
                found.isEmpty(),
                () ->
                        found.stream()
                                .limit(SHOWN_MAX)
                                .map(CorpusReport::line)
                                .collect(joining("\n", found.size() + ", all of them in " + REPORT + "\n", "\n")));
    }

    private static String refusal(Finding finding) {
        String param = finding.outcome() instanceof Outcome.Refused refused ? refused.param() : "";
        param = param.replaceAll("\\[\\d+]", "");
        return "refused " + finding.exchange().dialect().word() + " " + finding.other().word() + " " + param;
    }

    /// A finding and its reason a line.
    private static Map<String, String> exceptions() throws IOException {
        Map<String, String> reasons = new TreeMap<>();
        for (String line : Files.readAllLines(EXCEPTIONS)) {
            if (line.isBlank() || line.startsWith("#")) continue;
            String[] parts = line.split(": ", 2);
            assertEquals(2, parts.length, line);
            reasons.put(parts[0], parts[1]);
        }
        return reasons;
    }
}
