package dev.martlet.server;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.martlet.Patience;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

@DisplayName("What a client sends")
class FeedTest {
    @Test
    @DisplayName("its leaving is seen by a later watch, too, when it had sent ahead during an earlier one")
    void seesLeavingBehindWhatWasSentAhead() throws Exception {
        CountDownLatch left = new CountDownLatch(1);
        try (ServerSocketChannel listener = listen();
                SocketChannel client = SocketChannel.open(listener.getLocalAddress());
                SocketChannel accepted = listener.accept()) {
            Feed feed = new Feed(new Line(accepted));
            try (Patience.Watch _ = feed.watch(() -> {})) {
                client.write(ByteBuffer.allocate(100));
            }
            LockSupport.parkNanos(
                    TimeUnit.MILLISECONDS.toNanos(100)); // for the first watch's thread to take it, and to end
            try (Patience.Watch _ = feed.watch(left::countDown)) {
                client.shutdownOutput();
                assertTrue(left.await(10, TimeUnit.SECONDS));
            }
        }
    }

    private static ServerSocketChannel listen() throws IOException {
        return ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }
}
