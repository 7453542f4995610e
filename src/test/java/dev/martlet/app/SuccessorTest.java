package dev.martlet.app;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;

@DisplayName("A successor")
class SuccessorTest {

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "127.0.0.1", "::1"})
    @DisplayName("is there while another socket listens on our address")
    void isThereWhileItListens(String host) throws IOException {
        try (ServerSocket ours = listen(host, 0)) {
            int port = ours.getLocalPort();
            assertFalse(Successor.listensOn(port));
            ServerSocket other = listen(host, port);
            try (other) {
                assertTrue(Successor.listensOn(port));
            }
            assertFalse(Successor.listensOn(port));
        }
    }

    @Test
    @DisplayName("is not who listens on another address, nor a connection")
    void isNotWhoListensElsewhere() throws IOException {
        try (ServerSocket ours = listen("127.0.0.1", 0);
                ServerSocket elsewhere = listen("127.0.0.2", ours.getLocalPort());
                Socket client = new Socket(ours.getInetAddress(), ours.getLocalPort());
                Socket accepted = ours.accept()) {
            assertTrue(elsewhere.isBound() && client.isConnected() && accepted.isConnected());
            assertFalse(Successor.listensOn(ours.getLocalPort()));
        }
    }

    private static ServerSocket listen(String host, int port) throws IOException {
        ServerSocket socket = new ServerSocket();
        socket.setOption(StandardSocketOptions.SO_REUSEPORT, true);
        socket.bind(new InetSocketAddress(host, port), 5);
        return socket;
    }
}
