package dev.martlet.app;

import dev.martlet.config.Config;
import dev.martlet.config.ConfigInvalid;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// Starts a gateway the way an operator does: from a file and variables.
final class YamlGateway {
    private YamlGateway() {}

    /// @param yaml without `server.host` and `server.port`: it listens on loopback, on a free port
    static Gateway start(String yaml, Map<String, String> environment, OutputStream log) {
        return startWhole("server: {host: 127.0.0.1, port: 0}\n" + yaml, environment, log);
    }

    /// @param yaml with `server.host` and `server.port`
    static Gateway startWhole(String yaml, Map<String, String> environment, OutputStream log) {
        try {
            Path file = Files.createTempFile("martlet", ".yaml");
            try {
                Files.writeString(file, yaml);
                Gateway gateway = new Gateway(Config.load(Optional.of(file), environment, Optional.empty()), log);
                gateway.start();
                return gateway;
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ConfigInvalid e) {
            throw new AssertionError(e.problems().toString());
        }
    }
}
