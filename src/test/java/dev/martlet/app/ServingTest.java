package dev.martlet.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.martlet.server.ServerSettings;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/// A process of its own, with a manager that listens: what systemd hears of the service.
@DisplayName("A service")
class ServingTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir Path folder = Path.of("");

    @Test
    @DisplayName("tells of a reload that a signal asked for, and of one for which a file changed")
    void tellsOfReloads() throws Exception {
        Path yaml = write("server: {host: 127.0.0.1, port: 0}\n");
        try (NotifySocket manager = NotifySocket.at(folder.resolve("notify").toString())) {
            Process process = serve(yaml, Map.of("NOTIFY_SOCKET", manager.address()));
            try {
                assertServes(0, manager.receive(PATIENCE));
                signal(process, "HUP");
                assertReloads(0, manager);
                write("server: {host: 127.0.0.1, port: 0}\ntransparent: {services: [http://a.test, http://b.test]}\n");
                assertReloads(2, manager);
            } finally {
                process.destroyForcibly().waitFor();
            }
        }
    }

    @Test
    @DisplayName("gives its life sign behind TLS, too")
    void livesBehindTls() throws Exception {
        ServerSettings.Certificate files = new TestAuthority(folder).files("listener");
        Path yaml =
                write(
                        "server: {host: 127.0.0.1, port: 0, tls: {certificate: %s, key: %s}}\n"
                                .formatted(files.chain(), files.key()));
        try (NotifySocket manager = NotifySocket.at(folder.resolve("notify").toString())) {
            Process process = serve(yaml, Map.of("NOTIFY_SOCKET", manager.address(), "WATCHDOG_USEC", "" + 30_000_000));
            try {
                assertServes(0, manager.receive(PATIENCE));
                assertEquals("WATCHDOG=1", manager.receive(PATIENCE));
            } finally {
                process.destroyForcibly().waitFor();
            }
        }
    }

    private static void assertReloads(int services, NotifySocket manager) throws IOException {
        String reloading = manager.receive(PATIENCE);
        assertTrue(reloading.startsWith("RELOADING=1\nMONOTONIC_USEC="), reloading);
        assertServes(services, manager.receive(PATIENCE));
    }

    private static void assertServes(int services, String ready) {
        assertTrue(ready.matches("READY=1\nSTATUS=martlet .* on port \\d+, services: " + services), ready);
    }

    private static void signal(Process process, String name) throws IOException, InterruptedException {
        assertEquals(0, new ProcessBuilder("kill", "-" + name, "" + process.pid()).start().waitFor());
    }

    private Path write(String yaml) throws IOException {
        return Files.writeString(folder.resolve("martlet.yaml"), yaml);
    }

    private Process serve(Path yaml, Map<String, String> environment) throws IOException {
        Path none = folder.resolve("none.env");
        if (!Files.exists(none)) Files.createFile(none);
        ProcessBuilder builder =
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "serve",
                        "--config",
                        yaml.toString(),
                        "--env",
                        none.toString());
        builder.environment().putAll(environment);
        return builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.to(folder.resolve("log").toFile()))
                .start();
    }
}
