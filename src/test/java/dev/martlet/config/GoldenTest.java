package dev.martlet.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.martlet.Auth;
import dev.martlet.Channel;
import dev.martlet.Channels;
import dev.martlet.Key;
import dev.martlet.Keys;
import dev.martlet.NamedService;
import dev.martlet.Secret;
import dev.martlet.Service;
import dev.martlet.Services;
import dev.martlet.Target;
import dev.martlet.Trust;

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
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Each `<case>.yaml`, perhaps with `<case>.env` (the dotenv file) and `<case>.environment` (the process), has beside
/// it either what it becomes or every problem it has. `-Dgolden=write` rewrites those.
class GoldenTest {
    private static final Path CASES = Path.of("src/test/resources/golden/config");

    /// What is there when nothing is said.
    private static final Map<String, NamedService> TABLE = table();

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

    private static Map<String, NamedService> table() {
        try {
            return Config.load(Optional.empty(), Map.of(), Optional.empty()).catalog().services().byName();
        } catch (ConfigInvalid e) {
            throw new IllegalStateException(e);
        }
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
        add(lines, "lanes", config.catalog().services().lanes());
        lines.add("services for all " + config.catalog().services().forAll());
        add(lines, config.catalog().services());
        add(lines, config.catalog().channels());
        lines.add("keysForAll " + config.catalog().keysForAll());
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

    private static void add(List<String> lines, Channels channels) {
        channels.list().forEach(channel -> add(lines, channel));
        SortedSet<String> names = new TreeSet<>(channels.aliases());
        names.forEach(name -> lines.add("alias " + name + " of " + channels.resolved(name)));
        channels.list().forEach(channel -> names.addAll(channel.models().named()));
        names.removeIf(name -> channels.fallbacks(name).isEmpty());
        names.forEach(name -> lines.add("fallbacks of " + name + " " + channels.fallbacks(name)));
    }

    private static void add(List<String> lines, Channel channel) {
        String name = "channel " + channel.name();
        new TreeMap<>(channel.targets())
                .forEach((dialect, target) -> lines.add(name + " " + dialect.word() + " " + text(target)));
        String auths =
                channel.targets().keySet().stream()
                        .sorted()
                        .map(channel::auth)
                        .map(Auth::name)
                        .collect(Collectors.joining(" "));
        lines.add(name + " " + auths + " query '" + channel.query() + "' headers " + channel.headers());
        lines.add(name + " priority " + channel.priority() + " weight " + channel.weight());
        lines.add(name + " stream " + channel.streaming());
        lines.add(name + " concurrency " + channel.concurrency() + " total " + channel.total());
        switch (channel.keys()) {
            case Keys.FromClient _ -> lines.add(name + " keys from client");
            case Keys.Own(List<Key> own) -> own.forEach(key -> lines.add(name + " key " + text(key)));
        }
        channel.models().rules().forEach(rule -> lines.add(name + " model " + rule));
        lines.add(name + " calls gpt-4o " + channel.models().upstream("gpt-4o"));
    }

    private static String text(Key key) {
        return key.name() + " weight " + key.weight() + " " + key.secret().map(Secret::fingerprint).orElse("none");
    }

    /// Those of the table that nobody has changed are counted, by how they are reached.
    private static void add(List<String> lines, Services services) {
        SortedMap<String, Integer> untouched = new TreeMap<>();
        for (NamedService service : services.byName().values()) {
            NamedService before = TABLE.get(service.name());
            if (before == null || !address(before).equals(address(service)) || !rules(before).equals(rules(service))) {
                lines.add("service " + text(service.service()));
                rules(service).forEach(rule -> lines.add("service " + service.name() + " " + rule));
            } else {
                Target target = service.service().target();
                untouched.merge(target.timeouts() + proxy(target), 1, Integer::sum);
            }
        }
        untouched.forEach((how, count) -> lines.add(count + " built-in services " + how));
    }

    private static String address(NamedService service) {
        return service.service().target().origin() + service.service().target().basePath();
    }

    private static List<String> rules(NamedService service) {
        return List.of(
                "time " + service.time() + " answers " + service.answerBytesMax() + " fallback " + service.fallback(),
                "retries " + service.retries() + " of " + new TreeSet<>(service.retryMethods()),
                "defaults " + service.defaults());
    }

    private static String text(Service service) {
        return service.name() + " " + text(service.target());
    }

    private static String text(Target target) {
        String trust = target.trust() instanceof Trust.Public ? "" : " " + target.trust();
        return target.origin()
                + " "
                + target.host()
                + " port "
                + target.port()
                + " path '"
                + target.basePath()
                + "' "
                + target.timeouts()
                + proxy(target)
                + trust;
    }

    private static String proxy(Target target) {
        return target.proxy()
                .map(uri ->
                        " proxy "
                                + uri.getHost()
                                + ":"
                                + uri.getPort()
                                + (uri.getUserInfo() == null ? "" : " with user"))
                .orElse("");
    }

    private static String lines(List<String> lines) {
        return String.join("\n", lines) + "\n";
    }
}
