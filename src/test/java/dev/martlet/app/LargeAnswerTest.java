package dev.martlet.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.martlet.app.RawClient.Answer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.util.Map;

/// Answers of channels that are too large to be read as a whole before they are passed on.
@Timeout(60)
class LargeAnswerTest {
    private static final String VECTORS = "\"data\":[" + "0.12345678,".repeat(200_000) + "1]";
    private static final String USAGE = "\"usage\":{\"prompt_tokens\":7,\"total_tokens\":7}";

    private final ChannelStage stage = new ChannelStage();

    @AfterEach
    void closes() throws Exception {
        stage.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisplayName("the model that is named behind the vectors is called what the caller called it, and its tokens count")
    void endOfTheAnswer(boolean chunked) throws IOException {
        String head = "{\"object\":\"list\"," + VECTORS + ",\"model\":\"";
        Answer answer = answer(head + "up-m\"," + USAGE + "}", chunked);
        assertTrue(answer.complete());
        assertTrue((head + "m\"," + USAGE + "}").equals(answer.body()), () -> end(answer));
        stage.awaitLines(1, "tokens=7+0");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisplayName("where the model is named first, the length that was stated stays one")
    void beginOfTheAnswer(boolean chunked) throws IOException {
        String rest = "\"," + VECTORS + "," + USAGE + "}";
        Answer answer = answer("{\"model\":\"up-m" + rest, chunked);
        assertTrue(answer.complete());
        assertEquals(!chunked, answer.says("Content-Length: " + ("{\"model\":\"m" + rest).length()));
        assertTrue(("{\"model\":\"m" + rest).equals(answer.body()), () -> end(answer));
        stage.awaitLines(1, "tokens=7+0");
    }

    @Test
    @DisplayName("what is broken off is passed on as far as it came, and is not whole")
    void brokenOff() throws IOException {
        String part = "{\"object\":\"list\"," + VECTORS + ",\"mod";
        FakeProvider provider =
                new FakeProvider(peer -> {
                    peer.request();
                    peer.send(head("Content-Length: " + (part.length() + 100)) + part);
                });
        Answer answer = ask(provider);
        assertFalse(answer.complete());
        assertTrue(part.equals(answer.body()), () -> end(answer));
        stage.awaitLines(1, "complete=false term=SD");
    }

    private Answer answer(String body, boolean chunked) throws IOException {
        String framed =
                chunked
                        ? head("Transfer-Encoding: chunked")
                                + Integer.toHexString(body.length())
                                + "\r\n"
                                + body
                                + "\r\n0\r\n\r\n"
                        : head("Content-Length: " + body.length()) + body;
        return ask(stage.provider(_ -> framed));
    }

    private Answer ask(FakeProvider provider) throws IOException {
        stage.add(provider);
        String keys = "keys: [sk-fake-a]";
        String channel = ChannelStage.channel("a", provider, keys, "models: [\"m: up-m\"]");
        Gateway gateway = stage.gateway("clients: {required: never}\n", Map.of(), channel);
        try (RawClient client = new RawClient(gateway.port())) {
            client.send("POST", "/v1/embeddings", "{\"model\":\"m\",\"input\":\"x\"}");
            return client.read();
        }
    }

    private static String head(String framing) {
        return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n" + framing + "\r\n\r\n";
    }

    private static String end(Answer answer) {
        String body = answer.body();
        return answer.head() + body.length() + ": " + body.substring(Math.max(0, body.length() - 200));
    }
}
