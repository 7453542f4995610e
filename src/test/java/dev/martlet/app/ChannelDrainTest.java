package dev.martlet.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.Map;

/// What a stream from a channel looks like to its client when the gateway is stopped and cannot wait for its end.
@Timeout(60)
class ChannelDrainTest {
    private static final String SERVER =
            """
            server: {host: 127.0.0.1, port: 0, timeouts: {restart-drain: 1s}}
            clients: {required: never}
            """;

    private static final String HEAD =
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";

    private static final String WORD = event("{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"hi\"}}]}");
    private static final String STREAM = "{\"model\":\"m\",\"stream\":true,\"messages\":[]}";

    private final ChannelStage stage = new ChannelStage();

    @AfterEach
    void closes() throws Exception {
        stage.close();
    }

    @Test
    @DisplayName("L-5 a stream that is silent when the time is over ends with an error, and not as if it were whole")
    void silent() throws Exception {
        cutOff(peer -> {
            peer.request();
            peer.send(HEAD + chunk(WORD));
            peer.awaitClose();
        });
    }

    @Test
    @DisplayName("L-5 so does one whose events never cease")
    void busy() throws Exception {
        cutOff(peer -> {
            peer.request();
            peer.send(HEAD);
            while (true) {
                peer.send(chunk(WORD));
                Wait.pause(Duration.ofMillis(20));
            }
        });
    }

    @Test
    @DisplayName("L-5 nothing is glued to half an event")
    void halfAnEvent() throws Exception {
        String large = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + "x".repeat(2 << 20);
        String body =
                cut(peer -> {
                    peer.request();
                    peer.send(HEAD + chunk(WORD) + chunk(large));
                    peer.awaitClose();
                });
        assertTrue(body.endsWith("xxx\r\n"), () -> body.substring(body.length() - 100));
    }

    private void cutOff(FakeProvider.Script script) throws Exception {
        String body = cut(script);
        String last = body.substring(body.lastIndexOf("data: "));
        assertTrue(last.startsWith("data: {\"error\":{\"message\":\"The gateway was stopped"), last);
        assertTrue(last.endsWith("}\n\n\r\n"), last);
    }

    /// What the client has got of a stream when its gateway has stopped.
    private String cut(FakeProvider.Script script) throws Exception {
        FakeProvider provider = new FakeProvider(script);
        stage.add(provider);
        Gateway gateway = stage.gateway(SERVER, Map.of(), ChannelStage.channel("a", provider, "keys: [sk-fake-a]"));
        try (RawClient client = new RawClient(gateway.port())) {
            client.send("POST", "/v1/chat/completions", STREAM);
            client.await("\"hi\"");
            Thread stop = Thread.ofVirtual().start(() -> assertFalse(gateway.stop(false)));
            String body = client.rest();
            stop.join();
            assertFalse(body.contains("[DONE]"), body);
            assertFalse(body.endsWith("0\r\n\r\n"), "no last chunk");
            assertEquals(1, stage.awaitLines(1, "complete=false term=KD").size());
            return body;
        }
    }

    private static String event(String data) {
        return "data: " + data + "\n\n";
    }

    private static String chunk(String content) {
        return Integer.toHexString(content.length()) + "\r\n" + content + "\r\n";
    }
}
