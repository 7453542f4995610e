package dev.martlet.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/// Whether another process goes on serving our port when we end. The kernel knows: two sockets listen on one address
/// (SO_REUSEPORT), one of which is ours. See proc_net(5).
final class Successor {
    private static final List<Path> TABLES = List.of(Path.of("/proc/net/tcp6"), Path.of("/proc/net/tcp"));
    private static final String LISTENS = "0A"; // TCP_LISTEN
    private static final int HEADINGS = 1;
    private static final int LOCAL = 1;
    private static final int STATE = 3;

    private Successor() {}

    /// @param port one that we listen on
    static boolean listensOn(int port) {
        return TABLES.stream().anyMatch(table -> hasTwo(table, port));
    }

    /// The kernel names the listeners first. Behind them stands every connection of the machine, tens of thousands of
    /// lines on a busy one: who waits for our end does not wait for those.
    private static boolean hasTwo(Path table, int port) {
        String ending = String.format(Locale.ROOT, ":%04X", port);
        Set<String> seen = new HashSet<>();
        try (Stream<String> lines = Files.lines(table)) {
            return lines.skip(HEADINGS)
                    .map(line -> line.strip().split(" +", -1))
                    .takeWhile(columns -> columns.length > STATE && columns[STATE].equals(LISTENS))
                    .map(columns -> columns[LOCAL])
                    .anyMatch(address -> address.endsWith(ending) && !seen.add(address));
        } catch (IOException | UncheckedIOException e) {
            return false; // no such table: then we hurry
        }
    }
}
