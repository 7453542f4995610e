package dev.martlet.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.martlet.server.ServerSettings;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/// A process of its own, with a manager that listens: what systemd hears of the service.
@DisplayName("A service")
@Timeout(120)
class ServingTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir Path folder = Path.of("");

    @Test
    @DisplayName("tells of a reload that a signal asked for, and of one for which a file changed")
    void tellsOfReloads() throws Exception {
        String server = "server: {host: 127.0.0.1, port: 0}\n";
        try (NotifySocket manager = NotifySocket.at(folder.resolve("notify").toString());
                MartletProcess martlet =
                        new MartletProcess(folder, server, Map.of("NOTIFY_SOCKET", manager.address()))) {
            assertServes(0, manager.receive(PATIENCE));
            martlet.signal("HUP");
            assertReloads(0, manager);
            Files.writeString(
                    folder.resolve("martlet.yaml"),
                    server + "transparent: {services: [http://a.test, http://b.test]}\n");
            assertReloads(2, manager);
        }
    }

    @Test
    @DisplayName("gives its life sign behind TLS, too")
    void livesBehindTls() throws Exception {
        ServerSettings.Certificate files = new TestAuthority(folder).files("listener");
        String yaml =
                "server: {host: 127.0.0.1, port: 0, tls: {certificate: %s, key: %s}}\n"
                        .formatted(files.chain(), files.key());
        try (NotifySocket manager = NotifySocket.at(folder.resolve("notify").toString());
                MartletProcess _ =
                        new MartletProcess(
                                folder,
                                yaml,
                                Map.of("NOTIFY_SOCKET", manager.address(), "WATCHDOG_USEC", "" + 30_000_000))) {
            assertServes(0, manager.receive(PATIENCE));
            assertEquals("WATCHDOG=1", manager.receive(PATIENCE));
        }
    }

    private static void assertReloads(int services, NotifySocket manager) throws IOException {
        String reloading = manager.receive(PATIENCE);
        assertTrue(reloading.startsWith("RELOADING=1\nMONOTONIC_USEC="), reloading);
        assertServes(services, manager.receive(PATIENCE));
    }

    private static void assertServes(int services, String ready) {
        assertTrue(
                ready.matches("READY=1\nSTATUS=martlet .* on port \\d+, services: " + services + ", channels: 0"),
                ready);
    }
}
