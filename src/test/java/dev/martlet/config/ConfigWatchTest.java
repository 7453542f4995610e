package dev.martlet.config;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

class ConfigWatchTest {
    @Test
    void whatGoesWrongOnceDoesNotEndTheWatch(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("martlet.yaml"), "server: {port: 8080}\n");
        Written read = new Written(Map.of(), Map.of(file, "the fingerprint of something else"));
        Semaphore changes = new Semaphore(0);
        Runnable failing =
                () -> {
                    changes.release();
                    throw new InternalError("worse than a bug");
                };
        try (ConfigWatch _ = new ConfigWatch(() -> read, failing)) {
            for (int port = 1; port <= 2; port++) {
                Files.writeString(file, "server: {port: " + port + "}\n");
                assertTrue(changes.tryAcquire(10, TimeUnit.SECONDS), "change " + port + " was not seen");
            }
        }
    }
}
