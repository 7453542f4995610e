package dev.martlet.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// A process of its own, because it is the process that has to live on, and to end with the right code.
class ShutdownTest {
    private static final String BEGIN = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n";

    @TempDir Path folder = Path.of("");

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
            try (MartletProcess martlet = new MartletProcess(folder, provider);
                    RawClient client = new RawClient(martlet.port())) {
                Process process = martlet.process();
                client.send(RawClient.GET);
                client.await("hello\r\n");
                process.destroy(); // SIGTERM
                awaitDeaf(martlet);
                goOn.countDown();
                assertEquals("0\r\n\r\n", client.rest());
                assertEquals(0, process.waitFor());
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
            try (MartletProcess martlet = new MartletProcess(folder, provider);
                    RawClient client = new RawClient(martlet.port())) {
                Process process = martlet.process();
                client.send(RawClient.GET);
                client.await("hello\r\n");
                process.destroy();
                awaitDeaf(martlet);
                assertTrue(process.isAlive());
                process.destroy();
                assertTrue(client.ended(), "no last chunk");
                assertEquals(143, process.waitFor());
            }
        }
    }

    /// Waits until it listens no more, and a moment longer: a process that is about to end would be gone by then.
    private static void awaitDeaf(MartletProcess martlet) throws InterruptedException {
        while (accepts(martlet.port())) Thread.onSpinWait();
        assertFalse(martlet.process().waitFor(500, TimeUnit.MILLISECONDS), "it has ended already");
    }

    private static boolean accepts(int port) {
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
