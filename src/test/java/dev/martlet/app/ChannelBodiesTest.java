package dev.martlet.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Large bodies of calls that are routed by model, many at once.
@Timeout(120)
class ChannelBodiesTest {
    private static final int CLIENTS = 12;
    private static final String BODY =
            "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"" + "x".repeat(3 << 20) + "\"}]}";

    /// Three quarters of the budget are for large bodies: four of these.
    private static final int HELD_MAX = 4;

    private static final String YAML =
            """
            server: {host: 127.0.0.1, port: 0, limits: {buffered-bytes: 17MiB}}
            clients: {required: never}
            """;

    private final ChannelStage stage = new ChannelStage();
    private volatile CountDownLatch over = new CountDownLatch(1);

    @AfterEach
    void closes() throws Exception {
        stage.close();
    }

    @Test
    @DisplayName("O-5 bodies are let in by their bytes: what the budget cannot hold is refused, wave after wave")
    void admittedByBytes() throws Exception {
        FakeProvider provider =
                stage.provider(_ -> {
                    Wait.on(over);
                    return ChannelStage.chat("");
                });
        Gateway gateway = stage.gateway(YAML, Map.of(), ChannelStage.channel("a", provider, "keys: [sk-fake-a]"));
        for (int wave = 0; wave < 3; wave++) {
            List<Integer> statuses = wave(gateway.port());
            int held = Collections.frequency(statuses, 200);
            assertEquals(CLIENTS, held + Collections.frequency(statuses, 503), statuses::toString);
            assertTrue(held >= 1 && held <= HELD_MAX, statuses::toString);
        }
        assertEquals(200, ask(gateway.port()), "nothing is held any more");
    }

    @Test
    @DisplayName("O-13 what a body of very many values becomes on its way into another dialect counts, too")
    void countsWhatIsMadeOfIt() throws Exception {
        FakeProvider provider = stage.provider(ChannelStage.json(200, "{}"));
        String channel = ChannelStage.channel("a", provider, "keys: [sk-fake-a]", "dialect: anthropic");
        int port = stage.gateway(YAML, Map.of(), channel).port();
        assertEquals(502, ask(port, BODY), "there is room for text");
        assertEquals(1, stage.requests().size());
        assertEquals(
                503,
                ask(port, BODY.replace("x".repeat(3 << 20), "\",\"y\":[" + "[],".repeat(1 << 18) + "\"\"],\"z\":\"")));
        assertEquals(1, stage.requests().size());
    }

    @Test
    @DisplayName("O-5 a stream that flows holds no body: however many run, there is room for the next call")
    void givenBackAtTheCommit() throws Exception {
        FakeProvider provider =
                stage.playing(peer -> {
                    if (!peer.request()) return;
                    peer.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n" + ChannelStage.CONTENT);
                    Wait.on(over);
                    peer.send(ChannelStage.END);
                });
        int port = stage.gateway(YAML, Map.of(), ChannelStage.channel("a", provider, "keys: [sk-fake-a]")).port();
        List<RawClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 2 * HELD_MAX; i++) {
                RawClient client = new RawClient(port);
                clients.add(client);
                client.send("POST", "/v1/chat/completions", BODY.replace("\"model\"", "\"stream\":true,\"model\""));
                client.await("\"hi\"");
            }
            over.countDown();
            for (RawClient client : clients) client.await("[DONE]");
        } finally {
            over.countDown();
            clients.forEach(RawClient::close);
        }
    }

    /// Who is let in waits until all have been decided on.
    private List<Integer> wave(int port) {
        over = new CountDownLatch(1);
        int before = stage.requests().size();
        List<Integer> statuses = new CopyOnWriteArrayList<>();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < CLIENTS; i++) clients.execute(() -> statuses.add(ask(port)));
            Wait.until(() -> stage.requests().size() - before + statuses.size() == CLIENTS);
            over.countDown();
        }
        return statuses;
    }

    private static int ask(int port) {
        return ask(port, BODY);
    }

    private static int ask(int port, String body) {
        try (RawClient client = new RawClient(port)) {
            client.send("POST", "/v1/chat/completions", body);
            return client.read().status();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
