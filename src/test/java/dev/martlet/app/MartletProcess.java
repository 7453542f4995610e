package dev.martlet.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A gateway in a process of its own, in front of one provider: for what only a process can do, or suffer.
final class MartletProcess implements AutoCloseable {
    private static final Pattern PORT = Pattern.compile("listens on port (\\d+)");

    private final Process process;
    private final int port;

    /// @param folder for its configuration
    MartletProcess(Path folder, FakeProvider provider) throws IOException {
        this(folder, yaml("http://127.0.0.1:" + provider.port()), Map.of());
    }

    /// @param environment besides that of the tests
    /// @param flags       of the JVM
    MartletProcess(Path folder, String yaml, Map<String, String> environment, String... flags) throws IOException {
        Path config = Files.writeString(folder.resolve("martlet.yaml"), yaml);
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(flags));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of("serve", "--config", config.toString()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        process = builder.start();
        port = portOf(process.inputReader());
    }

    private static String yaml(String service) {
        return "server: {host: 127.0.0.1, port: 0}\n"
                + ("transparent: {services: [" + service + ", " + service + "/]}\nlog: {level: info}\n");
    }

    private static int portOf(BufferedReader log) throws IOException {
        Matcher listens = PORT.matcher(line(log, PORT.asPredicate()));
        assertTrue(listens.find());
        return Integer.parseInt(listens.group(1));
    }

    private static String line(BufferedReader log, Predicate<String> sight) throws IOException {
        for (String line = log.readLine(); line != null; line = log.readLine()) {
            if (sight.test(line)) return line;
        }
        throw new IOException("it ended without that");
    }

    /// Reads its log on, until a line has this.
    void awaitLine(String part) throws IOException {
        line(process.inputReader(), line -> line.contains(part));
    }

    Process process() {
        return process;
    }

    int port() {
        return port;
    }

    /// @param name as `kill` has it
    void signal(String name) throws IOException, InterruptedException {
        assertEquals(0, new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor());
    }

    /// Kills it, one that stands still too.
    @Override
    public void close() {
        process.destroyForcibly();
    }
}
