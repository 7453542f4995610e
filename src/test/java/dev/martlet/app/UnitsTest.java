package dev.martlet.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.martlet.server.ServerSettings;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

@DisplayName("The systemd units")
class UnitsTest {
    private static final Path SERVICE = Path.of("systemd/martlet.service");
    private static final Path TEMPLATE = Path.of("systemd/martlet@.service");

    @Test
    @DisplayName("are the same, but for what standing in during an upgrade needs")
    void templateIsTheServiceButForItsPart() throws IOException {
        assertEquals(
                Set.of("Description", "Wants", "Restart", "RestartSec", "RestartPreventExitStatus", "WantedBy"),
                names(without(lines(SERVICE), lines(TEMPLATE))));
        assertEquals(Set.of("Description", "Wants", "Restart"), names(without(lines(TEMPLATE), lines(SERVICE))));
    }

    @Test
    void waitForTheLongestDrain() throws IOException {
        long seconds = Long.parseLong(value("TimeoutStopSec"));
        assertTrue(seconds > ServerSettings.standard().times().drain().toSeconds(), () -> "only " + seconds + " s");
    }

    @Test
    @DisplayName("leave as much memory beside the heap as for it")
    void heapIsHalfOfTheMemory() throws IOException {
        assertEquals("1G", value("MemoryMax"));
        assertTrue(lines(Path.of("etc/jvm.options")).contains("-Xmx512m"));
    }

    private static String value(String name) throws IOException {
        return lines(SERVICE).stream()
                .filter(line -> line.startsWith(name + "="))
                .map(line -> line.substring(name.length() + 1))
                .collect(Collectors.joining());
    }

    private static Set<String> without(Set<String> lines, Set<String> others) {
        Set<String> left = new TreeSet<>(lines);
        left.removeAll(others);
        left.remove("[Install]");
        return left;
    }

    private static Set<String> names(Set<String> lines) {
        return lines.stream().map(line -> line.replaceFirst("=.*", "")).collect(Collectors.toSet());
    }

    private static Set<String> lines(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .collect(Collectors.toSet());
    }
}
