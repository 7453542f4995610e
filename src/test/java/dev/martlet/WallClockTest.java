package dev.martlet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The wall clock may be set at any moment. It is read where a date is shown or compared with another date, and nowhere
/// else: what waits, limits, or measures goes by [System#nanoTime]. `src/acceptance/clock` sets it under a running gateway.
class WallClockTest {
    private static final Path SOURCES = Path.of("src/main/java/dev/martlet");

    private static final Pattern READ =
            Pattern.compile("currentTimeMillis|\\.now\\(\\s*\\)|\\bClock\\.|InstantSource|new Date\\(|\\bDateTime\\b");

    /// Not of the wall clock, and no difference of dates.
    private static final Pattern OTHER =
            Pattern.compile("(?:Footprint|Memory|openFiles\\(\\))\\.now\\(\\)|Shut\\.until\\(");

    /// Whatever gives the time between two dates.
    private static final Pattern SUBTRACTED =
            Pattern.compile(
                    "Duration\\.between|\\.until\\(\\w|ChronoUnit\\.\\w+\\.between|toEpochMilli|java\\.util\\.Timer\\b");

    private static final List<String> SHOW_DATES =
            List.of(
                    "app/CatalogSource.java", // when it was reloaded
                    "config/TlsKeys.java", // whether a certificate has expired
                    "demo/OpenAiFormat.java", // `created` of a made-up answer
                    "operations/Health.java",
                    "operations/Stats.java",
                    "operations/Welcome.java",
                    "relay/ServiceErrand.java", // for the date that a service says
                    "relay/Subject.java", // for the date that a provider says
                    "surface/ServicesSurface.java", // when a service gave no answer
                    "telemetry/Log.java",
                    "telemetry/Tally.java", // when a target was tried last
                    "telemetry/Telemetry.java"); // gives the tally its clock

    private static final List<String> SUBTRACT_DATES =
            List.of("dialect/Pauses.java"); // how long until the date that a provider says

    @Test
    @DisplayName("S-12 the wall clock is read where a date is shown, and nowhere else")
    void whoReadsTheWallClock() throws IOException {
        assertEquals(SHOW_DATES, filesWith(READ));
    }

    @Test
    @DisplayName("S-12 one date is taken from another where a date is what somebody said, and nowhere else")
    void whoSubtractsDates() throws IOException {
        assertEquals(SUBTRACT_DATES, filesWith(SUBTRACTED));
    }

    private static List<String> filesWith(Pattern pattern) throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> pattern.matcher(OTHER.matcher(text(file)).replaceAll("")).find())
                    .map(file -> SOURCES.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
