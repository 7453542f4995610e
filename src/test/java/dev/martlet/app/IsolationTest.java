package dev.martlet.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.martlet.app.RawClient.Answer;
import dev.martlet.wire.Http1.RequestHead;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/// Marked calls side by side. `src/acceptance/isolation` does it for ten minutes.
@Timeout(60)
class IsolationTest {
    private static final int CLIENTS = 60;
    private static final int ROUNDS = 15;
    private static final int EVENTS = 20;

    @Test
    @DisplayName("A-18 streams side by side, a third of them broken off: nobody gets a byte of somebody else's")
    void marksNeverMeet() throws Exception {
        try (FakeProvider provider = new FakeProvider(IsolationTest::streams);
                Stage stage = new Stage(provider, Stage.LONG);
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> running = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                Random random = new Random(i);
                running.add(clients.submit(() -> calls(stage.port(), random)));
            }
            int whole = 0;
            for (Future<Integer> each : running) whole += each.get(50, TimeUnit.SECONDS);
            assertEquals(2 * CLIENTS * ROUNDS, whole);
        }
    }

    /// Says the path it was asked for, again and again; or no, with the path in it.
    private static void streams(FakeProvider.Peer peer) throws IOException {
        for (Optional<RequestHead> head = peer.head(); head.isPresent(); head = peer.head()) {
            String mark = head.get().target().substring(1);
            String event = Integer.toHexString(mark.length()) + "\r\n" + mark + "\r\n";
            String status = mark.endsWith("0") ? "429 Slow" : "200 OK";
            peer.send("HTTP/1.1 " + status + "\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (int i = 0; i < EVENTS; i++) peer.send(event);
            peer.send("0\r\n\r\n");
        }
    }

    /// Calls one after the other, two on a connection.
    ///
    /// @return how many were answered whole
    private static int calls(int port, Random random) throws IOException {
        int whole = 0;
        for (int i = 0; i < ROUNDS; i++) {
            try (RawClient client = new RawClient(port)) {
                whole += call(client, random);
                whole += call(client, random);
                if (random.nextInt(3) > 0) continue;
                client.send(request(mark(random)));
                client.skip(random.nextInt(100));
                if (random.nextBoolean()) client.reset();
            }
        }
        return whole;
    }

    private static int call(RawClient client, Random random) {
        String mark = mark(random);
        client.send(request(mark));
        Answer answer = client.read();
        assertEquals(mark.repeat(EVENTS), answer.body());
        assertEquals(Optional.of(mark), answer.fields().first("x-request-id"));
        assertEquals(mark.endsWith("0") ? 429 : 200, answer.status());
        return answer.complete() ? 1 : 0;
    }

    private static String mark(Random random) {
        return "mark-" + Long.toHexString(random.nextLong());
    }

    private static String request(String mark) {
        return "GET /" + mark + " HTTP/1.1\r\nHost: a\r\nx-request-id: " + mark + "\r\n\r\n";
    }
}
