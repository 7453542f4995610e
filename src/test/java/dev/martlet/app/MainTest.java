package dev.martlet.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.martlet.config.Config;
import dev.martlet.server.ServerSettings;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

class MainTest {
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);

    @TempDir Path folder = Path.of("");

    @Test
    @DisplayName("L-1: a broken configuration is refused with 78, every line named")
    void checkNamesEveryProblem() throws IOException {
        Path file = Files.writeString(folder.resolve("martlet.yaml"), "server:\n  port: 70000\n  prot: 1\n");
        assertEquals(78, Main.run(List.of("check", file.toString()), out, out));
        assertTrue(text().contains("martlet.yaml:2: server.port is 70000"), text());
        assertTrue(text().contains("martlet.yaml:3: server.prot"), text());
    }

    @Test
    @DisplayName("L-9: a port in use ends the start with 69 and one line")
    void serveSaysThatThePortIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String content = "server:\n  host: 127.0.0.1\n  port: " + taken.getLocalPort() + "\n";
            Path file = Files.writeString(folder.resolve("martlet.yaml"), content);
            assertEquals(69, Main.run(List.of("serve", "--config", file.toString()), out, out));
            assertTrue(
                    text().contains("martlet: cannot listen: cannot bind 127.0.0.1:" + taken.getLocalPort()), text());
        }
    }

    @ParameterizedTest
    @CsvSource({"nobody.invalid, 8080, Unresolved address", "192.0.2.1, 0, Cannot assign requested address"})
    @DisplayName("a host that is not here ends the start with 69 and one line, and says why")
    void serveSaysThatTheHostIsNotHere(String host, int port, String why) throws IOException {
        String content = "server: {host: %s, port: %d}\n".formatted(host, port);
        Path file = Files.writeString(folder.resolve("martlet.yaml"), content);
        assertEquals(69, Main.run(List.of("serve", "--config", file.toString()), out, out));
        String line = "martlet: cannot listen: cannot bind %s:%d: %s; server.host".formatted(host, port, why);
        assertTrue(text().contains(line), text());
    }

    @Test
    @DisplayName("a certificate that cannot be used ends the start with 78 and one line")
    void serveSaysThatTheCertificateIsUnusable() throws Exception {
        Config config = Config.load(Optional.empty(), Map.of(), Optional.empty());
        Path gone = folder.resolve("gone.pem");
        ServerSettings settings =
                config.server().on("127.0.0.1", 0).with(Optional.of(new ServerSettings.Certificate(gone, gone)));
        Config unusable = new Config(settings, config.telemetry(), config.catalog(), List.of());
        assertEquals(78, Main.serve(() -> unusable, out, out));
        assertEquals(1, text().lines().count(), text());
        assertTrue(text().startsWith("martlet: cannot start: ") && text().contains(gone.toString()), text());
    }

    @Test
    void wrongUsageIsToldWithTheUsage() {
        assertEquals(64, Main.run(List.of("fly"), out, out));
        assertTrue(text().contains("there is no command fly"));
        assertTrue(text().contains("usage: martlet serve"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "check one.yaml two.yaml",
                "check one.yaml --config two.yaml",
                "check --env one.env --env two.env",
                "serve one.yaml",
                "version one",
                "selftest one"
            })
    @DisplayName("words that would have no effect are refused, and named")
    void refusesWhatItWouldPassOver(String words) {
        assertEquals(64, Main.run(List.of(words.split(" ")), out, out));
        String line = text().lines().findFirst().orElse("");
        assertTrue(line.startsWith("martlet: ") && line.contains("one"), line);
    }

    @ParameterizedTest
    @ValueSource(strings = {"help", "--help", "-h", "serve --help", "check -h", "demo --help", "selftest --help"})
    @DisplayName("who asks for help gets it, and has done nothing wrong")
    void helps(String words) {
        assertEquals(0, Main.run(List.of(words.split(" ")), out, out));
        assertTrue(text().startsWith("usage: martlet serve"), text());
    }

    private String text() {
        return said.toString(StandardCharsets.UTF_8);
    }
}
