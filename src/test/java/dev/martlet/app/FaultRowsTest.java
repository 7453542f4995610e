package dev.martlet.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The catalogue of faults and the tests can be laid side by side: each row's id stands at the beginning of a test's name.
class FaultRowsTest {
    private static final List<String> ROWS =
            List.of(
                    """
                    C-1 C-2 C-3 C-4 C-5 C-6 C-8 C-18 C-19 C-20 C-21
                    F-1 F-12 F-15 F-16 F-17 F-18 F-20
                    U-1 U-2 U-4 U-5 U-7 U-8 U-9 U-10 U-12 U-13 U-15 U-16 U-17 U-19 U-20 U-21 U-22 U-23 U-24 U-25 U-35
                    U-38 U-39 U-40 U-41
                    O-2 O-3 O-4 O-6 O-15 O-16
                    L-1 L-4 L-5 L-6 L-9
                    A-8 A-15 A-16
                    X-3 X-4
                    """
                            .strip()
                            .split("\\s+", -1));

    @Test
    void everyRowHasATest() throws IOException {
        String sources;
        try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
            sources = files.filter(FaultRowsTest::isTest).map(FaultRowsTest::read).collect(Collectors.joining());
        }
        assertEquals(
                List.of(),
                ROWS.stream().filter(row -> !sources.matches("(?s).*\"(?:[A-Z]-\\d+, )*" + row + "[ :,].*")).toList());
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
