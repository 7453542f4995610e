package dev.martlet.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

@DisplayName("L-7 a gateway that stops")
class FarewellTest {
    private static final byte[] QUESTION = "GET /one HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final FakeProvider provider = FakeProvider.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    private final Stage stage = new Stage(provider, Stage.LONG);
    private final Socket client = new Socket(InetAddress.getLoopbackAddress(), stage.port());

    FarewellTest() throws IOException {}

    @BeforeEach
    void askOnce() throws IOException {
        client.getOutputStream().write(QUESTION);
        skipAnswer(client.getInputStream());
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        stage.close();
        provider.close();
    }

    @Test
    @DisplayName("takes in what an idle client asks in that moment: a reset would not tell it to ask again")
    void takesInWhatCrosses() throws Exception {
        Thread stop = stop();
        assertEquals(-1, client.getInputStream().read());
        client.getOutputStream().write(QUESTION);
        Wait.pause(Duration.ofMillis(20));
        client.getOutputStream().write('x'); // fails behind a reset
        assertTrue(stop.join(PATIENCE));
    }

    @Test
    @DisplayName("does not wait for one that does not listen")
    void doesNotWait() throws Exception {
        assertTrue(stop().join(PATIENCE));
        assertEquals(-1, client.getInputStream().read());
    }

    private Thread stop() {
        return Thread.startVirtualThread(() -> stage.gateway().stop(false));
    }

    private static void skipAnswer(InputStream in) throws IOException {
        StringBuilder answer = new StringBuilder();
        while (!answer.toString().endsWith("\r\n\r\nok")) answer.append((char) in.read());
    }
}
