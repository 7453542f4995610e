package dev.martlet.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The catalogue of faults and what proves their handling can be laid side by side: each row's id stands at the beginning
/// of a test's name or of a family of raw requests, or beside a run in the table of `src/acceptance/README.md`.
class FaultRowsTest {
    private static final List<String> ROWS =
            List.of(
"""
                    C-1 C-2 C-3 C-4 C-5 C-6 C-7 C-8 C-9 C-10 C-11 C-12 C-13 C-14 C-15 C-16 C-17 C-18 C-19 C-20 C-21
                    F-1 F-2 F-3 F-4 F-5 F-6 F-7 F-8 F-9 F-10 F-11 F-12 F-13 F-14 F-15 F-16 F-17 F-18 F-19 F-20
                    U-1 U-2 U-3 U-4 U-5 U-6 U-7 U-8 U-9 U-10 U-11 U-12 U-13 U-14 U-15 U-16 U-17 U-18 U-19 U-20 U-21 U-22 U-23
                    U-24 U-25 U-26 U-27 U-28 U-29 U-30 U-31 U-32 U-33 U-34 U-35 U-36 U-37 U-38 U-39 U-40 U-41 U-42
                    O-1 O-2 O-3 O-4 O-5 O-6 O-7 O-8 O-9 O-10 O-11 O-12 O-14 O-15 O-16
                    S-9 S-12 S-13
                    L-1 L-2 L-3 L-4 L-5 L-6 L-9 L-10 L-11 L-14
                    A-1 A-6 A-7 A-8 A-9 A-15 A-16 A-17 A-18
                    X-3 X-4 X-5 X-9 X-10 X-11 X-12
"""
                            .strip()
                            .split("\\s+", -1));

    private static final Path TESTS = Path.of("src/test/java");
    private static final Path REQUESTS = Path.of("src/test/resources/framing/requests.txt");
    private static final Path RUNS = Path.of("src/acceptance");

    /// A line of the table: a run, how long it takes, and the rows that it proves.
    private static final Pattern RUN = Pattern.compile("(?m)^\\| `([\\w-]+)` \\|[^|]*\\| ([A-Z0-9, -]+) \\|");

    @Test
    @DisplayName("every row of the catalogue that is built is proved by a test or a run")
    void everyRowIsProved() throws IOException {
        String proofs =
                testNames() + Files.readString(REQUESTS) + runs().map(run -> "\"" + run.group(2) + " ").toList();
        assertEquals(
                List.of(),
                ROWS.stream()
                        .filter(row -> !proofs.matches("(?s).*[\"\\[](?:[A-Z]-\\d+, )*" + row + "[ :,].*"))
                        .toList());
    }

    @Test
    void everyRunCanBeStartedAndStandsInTheTable() throws IOException {
        List<String> told = runs().map(run -> run.group(1)).sorted().toList();
        try (Stream<Path> files = Files.list(RUNS)) {
            List<String> there = new ArrayList<>();
            files.filter(Files::isRegularFile)
                    .filter(Files::isExecutable)
                    .forEach(file -> there.add(RUNS.relativize(file).toString()));
            assertEquals(there.stream().sorted().toList(), told);
        }
    }

    @Test
    @DisplayName("no run names a row that is not listed here")
    void noRunNamesAnUnknownRow() throws IOException {
        List<String> named =
                runs().flatMap(run -> Arrays.stream(run.group(2).split(", ", -1)))
                        .filter(row -> row.length() > 1)
                        .toList();
        assertEquals(List.of(), named.stream().filter(row -> !ROWS.contains(row)).toList());
    }

    private static Stream<MatchResult> runs() throws IOException {
        return RUN.matcher(Files.readString(RUNS.resolve("README.md"))).results();
    }

    private static String testNames() throws IOException {
        try (Stream<Path> files = Files.walk(TESTS)) {
            return files.filter(FaultRowsTest::isTest).map(FaultRowsTest::read).collect(Collectors.joining());
        }
    }

    private static boolean isTest(Path file) {
        return file.toString().endsWith("Test.java") && !file.endsWith("FaultRowsTest.java");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
