package dev.martlet.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.martlet.app.FakeProvider.Request;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;

/// Real provider traffic, replayed by a local upstream: what the client gets is what the provider sent, octet for octet.
class RecordedTrafficTest {
    private static final int EXCHANGES_MIN = 300;
    private static final long SEED = 7;

    private final AtomicReference<RecordedExchange> playing = new AtomicReference<>();
    private final AtomicReference<Request> received = new AtomicReference<>();

    @ParameterizedTest(name = "cut into random chunks: {0}")
    @ValueSource(booleans = {false, true})
    void everyRecordedAnswerArrivesAsItWasSent(boolean chunked) throws IOException {
        List<RecordedExchange> exchanges = RecordedExchange.all();
        assertTrue(exchanges.size() >= EXCHANGES_MIN);
        Random random = new Random(SEED);
        FakeProvider.Script replay =
                peer -> {
                    for (Optional<Request> next = peer.next(); next.isPresent(); next = peer.next()) {
                        received.set(next.get());
                        RecordedExchange exchange = Objects.requireNonNull(playing.get());
                        if (chunked) exchange.playInChunks(peer, random);
                        else exchange.playWhole(peer);
                    }
                };
        try (FakeProvider provider = new FakeProvider(replay);
                Stage stage = new Stage(provider, Stage.LONG);
                RawClient client = new RawClient(stage.port())) {
            for (RecordedExchange exchange : exchanges) {
                playing.set(exchange);
                client.send(exchange.method(), exchange.path(), exchange.request());
                assertArrived(exchange, client.read());
            }
        }
    }

    private void assertArrived(RecordedExchange exchange, RawClient.Answer answer) {
        String id = exchange.id();
        assertEquals(exchange.status(), answer.status(), id);
        assertEquals(exchange.contentType(), answer.fields().first("Content-Type").orElse(""), id);
        assertEquals(exchange.response(), answer.body(), id);
        assertTrue(answer.complete(), id);
        Request request = Objects.requireNonNull(received.getAndSet(null), id);
        assertEquals(exchange.request(), request.body(), id);
        assertEquals(exchange.method(), request.head().method(), id);
        assertEquals(exchange.path(), request.head().target(), id);
    }
}
