package dev.martlet.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Whether another process goes on serving our port when we end. The kernel knows: two sockets listen on one address
/// (SO_REUSEPORT), one of which is ours. See proc_net(5).
final class Successor {
    private static final List<Path> TABLES = List.of(Path.of("/proc/net/tcp6"), Path.of("/proc/net/tcp"));
    private static final String LISTENS = "0A"; // TCP_LISTEN
    private static final int LOCAL = 1;
    private static final int STATE = 3;

    private Successor() {}

    /// @param port one that we listen on
    static boolean listensOn(int port) {
        return TABLES.stream().anyMatch(table -> hasTwo(table, port));
    }

    private static boolean hasTwo(Path table, int port) {
        String ending = String.format(Locale.ROOT, ":%04X", port);
        Set<String> seen = new HashSet<>();
        try {
            for (String line : Files.readAllLines(table)) {
                String[] columns = line.strip().split(" +", -1);
                boolean listener = columns.length > STATE && columns[STATE].equals(LISTENS);
                if (listener && columns[LOCAL].endsWith(ending) && !seen.add(columns[LOCAL])) return true;
            }
            return false;
        } catch (IOException e) {
            return false; // no such table: then we hurry
        }
    }
}
