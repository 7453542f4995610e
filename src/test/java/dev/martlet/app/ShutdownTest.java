package dev.martlet.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A process of its own, because it is the process that has to live on, and to end with the right code.
class ShutdownTest {
    private static final Pattern PORT = Pattern.compile("listens on port (\\d+)");
    private static final String BEGIN = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n";

    @TempDir Path folder = Path.of("");
    private int port;

    @Test
    @DisplayName("L-4 SIGTERM: the process lives until the running answer is whole, and exits with 0")
    void livesUntilCallsAreOver() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        FakeProvider.Script slow =
                peer -> {
                    peer.request();
                    peer.send(BEGIN);
                    awaitQuietly(goOn);
                    peer.send("0\r\n\r\n");
                };
        try (FakeProvider provider = new FakeProvider(slow)) {
            Process process = serve(provider);
            try (RawClient client = new RawClient(portOf(process))) {
                client.send(RawClient.GET);
                client.await("hello\r\n");
                process.destroy(); // SIGTERM
                awaitDeaf(process);
                goOn.countDown();
                assertEquals("0\r\n\r\n", client.rest());
                assertEquals(0, process.waitFor());
            } finally {
                process.destroyForcibly();
            }
        }
    }

    @Test
    @DisplayName("L-5 a second SIGTERM cuts what is running, and the process exits with 143")
    void secondSignalCuts() throws Exception {
        FakeProvider.Script endless =
                peer -> {
                    peer.request();
                    peer.send(BEGIN);
                    peer.awaitClose();
                };
        try (FakeProvider provider = new FakeProvider(endless)) {
            Process process = serve(provider);
            try (RawClient client = new RawClient(portOf(process))) {
                client.send(RawClient.GET);
                client.await("hello\r\n");
                process.destroy();
                awaitDeaf(process);
                assertTrue(process.isAlive());
                process.destroy();
                assertTrue(client.ended(), "no last chunk");
                assertEquals(143, process.waitFor());
            } finally {
                process.destroyForcibly();
            }
        }
    }

    private int portOf(Process process) throws IOException {
        BufferedReader log = process.inputReader();
        for (String line = log.readLine(); line != null; line = log.readLine()) {
            Matcher listens = PORT.matcher(line);
            if (listens.find()) {
                port = Integer.parseInt(listens.group(1));
                return port;
            }
        }
        throw new IOException("it did not start");
    }

    private Process serve(FakeProvider provider) throws IOException {
        String service = "http://127.0.0.1:" + provider.port();
        Path config =
                Files.writeString(
                        folder.resolve("martlet.yaml"),
                        "server: {host: 127.0.0.1, port: 0}\n"
                                + "transparent: {services: ["
                                + service
                                + ", "
                                + service
                                + "/]}\nlog: {level: info}\n");
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "serve",
                        "--config",
                        config.toString())
                .redirectErrorStream(true)
                .start();
    }

    /// Waits until it listens no more, and a moment longer: a process that is about to end would be gone by then.
    private void awaitDeaf(Process process) throws InterruptedException {
        while (accepts()) Thread.onSpinWait();
        assertFalse(process.waitFor(500, TimeUnit.MILLISECONDS), "it has ended already");
    }

    private boolean accepts() {
        try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
