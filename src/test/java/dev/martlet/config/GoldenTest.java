package dev.martlet.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.martlet.Service;
import dev.martlet.Target;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Each `<case>.yaml`, perhaps with `<case>.env` (the dotenv file) and `<case>.environment` (the process), has beside
/// it either what it becomes or every problem it has. `-Dgolden=write` rewrites those.
class GoldenTest {
    private static final Path CASES = Path.of("src/test/resources/golden/config");

    /// In every value that must not be printed.
    private static final String CANARY = "CANARY";

    static Stream<String> cases() throws IOException {
        try (Stream<Path> files = Files.list(CASES)) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".yaml"))
                    .map(name -> name.substring(0, name.length() - ".yaml".length()))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void isReadAsTheGoldenSays(String name) throws IOException {
        Path expected = CASES.resolve(name + ".expected.txt");
        Path problems = CASES.resolve(name + ".problems.txt");
        try {
            compare(expected, problems, text(load(name)));
        } catch (ConfigInvalid invalid) {
            compare(problems, expected, lines(invalid.problems()));
        }
    }

    private static Config load(String name) throws IOException, ConfigInvalid {
        Path env = CASES.resolve(name + ".env");
        return Config.load(
                Optional.of(CASES.resolve(name + ".yaml")), environment(name), Optional.of(env).filter(Files::exists));
    }

    private static Map<String, String> environment(String name) throws IOException {
        Path file = CASES.resolve(name + ".environment");
        Map<String, String> environment = new LinkedHashMap<>();
        if (!Files.exists(file)) return environment;
        for (String line : Files.readAllLines(file)) {
            int equals = line.indexOf('=');
            environment.put(line.substring(0, equals), line.substring(equals + 1));
        }
        return environment;
    }

    private static void compare(Path golden, Path otherOutcome, String actual) throws IOException {
        String text = actual.replace(CASES + "/", "");
        assertFalse(text.contains(CANARY), text);
        if ("write".equals(System.getProperty("golden"))) {
            Files.writeString(golden, text);
            Files.deleteIfExists(otherOutcome);
        }
        assertEquals(Files.exists(golden) ? Files.readString(golden) : "no " + golden, text);
        assertFalse(Files.exists(otherOutcome), otherOutcome + " is left over");
    }

    private static String text(Config config) {
        List<String> lines = new ArrayList<>();
        add(lines, "server", config.server());
        add(lines, "log", config.telemetry());
        add(lines, "routing", config.catalog().routing());
        lines.add("corsOrigins " + config.catalog().corsOrigins());
        lines.add("poolHint " + config.catalog().poolHint());
        config.catalog().pool().forEach(service -> lines.add(text(service)));
        config.notes().forEach(note -> lines.add("note: " + note));
        return lines(lines);
    }

    /// A line for each component, and for each one of a record in it: a diff shows the setting that differs.
    private static void add(List<String> lines, String name, Object value) {
        RecordComponent[] components = value.getClass().getRecordComponents();
        if (components == null) lines.add(name + " " + value);
        else
            for (RecordComponent component : components)
                add(lines, name + "." + component.getName(), of(value, component));
    }

    private static Object of(Object owner, RecordComponent component) {
        try {
            return component.getAccessor().invoke(owner);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String text(Service service) {
        Target target = service.target();
        String proxy =
                target.proxy()
                        .map(uri ->
                                " proxy "
                                        + uri.getHost()
                                        + ":"
                                        + uri.getPort()
                                        + (uri.getUserInfo() == null ? "" : " with user"))
                        .orElse("");
        return service.name()
                + " "
                + target.origin()
                + " "
                + target.host()
                + " port "
                + target.port()
                + " path '"
                + target.basePath()
                + "' "
                + target.timeouts()
                + proxy;
    }

    private static String lines(List<String> lines) {
        return String.join("\n", lines) + "\n";
    }
}
