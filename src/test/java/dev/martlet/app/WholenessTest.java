package dev.martlet.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.martlet.wire.Http1.RequestHead;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Random;

/// An answer that an upstream did not finish never looks finished to the client.
class WholenessTest {
    private static final int CUTS = 10_000;
    private static final String EVENT = "data: {\"text\":\"0123456789\"}\n\n";
    private static final int EVENTS = 40;

    @Test
    @DisplayName("U-12, U-13: 10,000 answers cut at random offsets, none looks complete")
    void noAnswerThatWasCutLooksComplete() throws IOException {
        String content = EVENT.repeat(EVENTS);
        String chunk = Integer.toHexString(EVENT.length()) + "\r\n" + EVENT + "\r\n";
        String byLength = "HTTP/1.1 200 OK\r\nContent-Length: " + content.length() + "\r\n\r\n" + content;
        String inChunks = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk.repeat(EVENTS) + "0\r\n\r\n";
        Random random = new Random(11);
        FakeProvider.Script cutting =
                peer -> {
                    Optional<RequestHead> head = peer.head();
                    if (head.isEmpty()) return;
                    String message = head.get().target().equals("/chunks") ? inChunks : byLength;
                    int headBytes = message.indexOf("\r\n\r\n") + 4;
                    int cut = headBytes + random.nextInt(message.length() - headBytes);
                    peer.send(message.substring(0, cut).getBytes(StandardCharsets.US_ASCII));
                };
        int whole = 0;
        try (FakeProvider provider = new FakeProvider(cutting);
                Stage stage = new Stage(provider, Stage.LONG)) {
            for (int i = 0; i < CUTS; i++) {
                try (RawClient client = new RawClient(stage.port())) {
                    client.send("GET", i % 2 == 0 ? "/chunks" : "/length", "");
                    RawClient.Answer answer = client.read();
                    assertEquals(200, answer.status());
                    if (answer.complete()) whole++;
                }
            }
        }
        assertEquals(0, whole);
    }
}
