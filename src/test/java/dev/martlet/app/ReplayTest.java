package dev.martlet.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;

import dev.martlet.app.RawClient.Answer;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.util.List;

@DisplayName("A provider that answers as it was recorded")
class ReplayTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest(name = "in pieces: {0}")
    @ValueSource(booleans = {false, true})
    @DisplayName("finds the recording by the question, and sends its bytes")
    void findsByTheQuestion(boolean inPieces) throws IOException {
        List<RecordedExchange> exchanges = RecordedExchange.all();
        try (FakeProvider provider = new FakeProvider(new Replay(exchanges, inPieces));
                RawClient client = new RawClient(provider.port())) {
            for (RecordedExchange exchange : exchanges) {
                client.send(exchange.method(), exchange.path(), rewritten(exchange.request()));
                Answer answer = client.read();
                assertEquals(exchange.status(), answer.status(), exchange.id());
                assertEquals(exchange.response(), answer.body(), exchange.id());
                assertTrue(answer.complete(), exchange.id());
            }
        }
    }

    @Test
    @DisplayName("finds it by the key, whatever the question has become, and does not know what was never recorded")
    void findsByTheKey() throws IOException {
        List<RecordedExchange> exchanges = RecordedExchange.all();
        RecordedExchange meant = exchanges.getLast();
        try (FakeProvider provider = new FakeProvider(new Replay(exchanges, false))) {
            String ask = "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n";
            String key = "x-goog-api-key: sk-fake-recorded-whole-" + meant.id() + "\r\n\r\n";
            assertEquals(meant.response(), RawClient.ask(provider.port(), ask + key).body());
            assertEquals(404, RawClient.ask(provider.port(), ask + "\r\n").status());
        }
    }

    /// The same JSON, written otherwise; what is no JSON stays.
    private static String rewritten(String body) {
        try {
            return body.startsWith("{") ? JSON.readTree(body).toPrettyString() : body;
        } catch (IOException e) {
            return body;
        }
    }
}
