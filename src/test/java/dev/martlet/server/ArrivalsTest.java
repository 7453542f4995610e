package dev.martlet.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

@DisplayName("An acceptor that stops")
class ArrivalsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Arrivals arrivals = new Arrivals();
    private final CountDownLatch goOn = new CountDownLatch(1);
    private ServerSocketChannel listener;
    private Thread acceptor;

    /// As Helidon's does it.
    @BeforeEach
    void accept() throws IOException {
        listener = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        acceptor =
                Thread.ofPlatform()
                        .daemon()
                        .start(() -> {
                            try {
                                while (true) arrivals.configureSocket(listener.accept());
                            } catch (IOException | UncheckedIOException e) {
                                // it ends, which the tests see
                            }
                        });
    }

    @AfterEach
    void close() throws IOException {
        listener.close();
    }

    @Test
    @DisplayName("is not held by whom it has accepted before")
    void isNotHeldBefore() throws Exception {
        try (Socket client = connect()) {
            assertFalse(arrivals.acceptorHeld(Duration.ofMillis(20)));
            assertTrue(client.isConnected() && acceptor.isAlive());
        }
    }

    @Test
    @DisplayName("serves the last one to its end, also beyond its interrupt, and accepts nobody else")
    void servesTheLastOne() throws Exception {
        arrivals.holdAcceptor(this::answer);
        try (Socket last = connect();
                Socket other = connect()) {
            assertTrue(arrivals.acceptorHeld(PATIENCE));
            acceptor.interrupt();
            assertFalse(acceptor.join(Duration.ofMillis(50)), "the call is not over");
            goOn.countDown();
            assertEquals('!', last.getInputStream().read());
            assertTrue(acceptor.join(PATIENCE));
            other.setSoTimeout(50);
            assertThrows(SocketTimeoutException.class, () -> other.getInputStream().read());
        }
    }

    @Test
    @DisplayName("waits for its interrupt when the last one has gone")
    void waitsForItsInterrupt() throws Exception {
        arrivals.holdAcceptor(this::answer);
        goOn.countDown();
        try (Socket last = connect()) {
            assertEquals('!', last.getInputStream().read());
            assertFalse(acceptor.join(Duration.ofMillis(50)), "the listener may still be open");
            acceptor.interrupt();
            assertTrue(acceptor.join(PATIENCE));
        }
    }

    private void answer(SocketChannel channel) {
        try (channel) {
            assertTrue(channel.getOption(StandardSocketOptions.TCP_NODELAY), "it is served as any other");
            goOn.await();
            channel.write(ByteBuffer.wrap(new byte[] {'!'}));
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private Socket connect() throws IOException {
        return new Socket(listener.socket().getInetAddress(), listener.socket().getLocalPort());
    }
}
