package dev.martlet.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// An upstream that drops its idle connections at any moment costs no client a call, and gets no call twice.
class StaleConnectionsTest {
    private static final int SEQUENTIAL = 10_000;
    private static final int CONCURRENT = 200;
    private static final int EACH = 20;

    private final ConcurrentMap<String, Integer> processed = new ConcurrentHashMap<>();

    @Test
    @DisplayName("U-9: 10,000 POSTs one after the other, connections dropped at random: no error, none processed twice")
    void sequentialPostsSurvive() throws IOException {
        try (FakeProvider provider = new FakeProvider(this::dropSometimes);
                Stage stage = new Stage(provider, Stage.LONG);
                RawClient client = new RawClient(stage.port())) {
            assertEquals(0, failures(client, "sequential", SEQUENTIAL));
            assertEachIsLoggedAsWhole(stage, SEQUENTIAL);
        }
        assertEachOnce(SEQUENTIAL);
    }

    @Test
    @DisplayName("U-9: 200 clients at a time, connections dropped at random: no error, none processed twice")
    void concurrentPostsSurvive() throws InterruptedException {
        AtomicInteger failures = new AtomicInteger();
        try (FakeProvider provider = new FakeProvider(this::dropSometimes);
                Stage stage = new Stage(provider, Stage.LONG);
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < CONCURRENT; i++) {
                String name = "client-" + i;
                clients.execute(() -> {
                    try (RawClient client = new RawClient(stage.port())) {
                        failures.addAndGet(failures(client, name, EACH));
                    } catch (IOException e) {
                        failures.incrementAndGet();
                    }
                });
            }
            clients.shutdown();
            assertTrue(clients.awaitTermination(60, TimeUnit.SECONDS));
            assertEachIsLoggedAsWhole(stage, CONCURRENT * EACH);
        }
        assertEquals(0, failures.get());
        assertEachOnce(CONCURRENT * EACH);
    }

    private static int failures(RawClient client, String name, int count) throws IOException {
        int failures = 0;
        for (int i = 0; i < count; i++) {
            String content = name + "-" + i;
            client.send("POST", "/v1/echo", content);
            RawClient.Answer answer = client.read();
            if (answer.status() != 200 || !answer.body().equals(content)) failures++;
        }
        return failures;
    }

    /// Answers, then with some chance closes the connection: at once, or a moment later without having said so.
    private void dropSometimes(FakeProvider.Peer peer) throws IOException {
        for (Optional<FakeProvider.Request> next = peer.next(); next.isPresent(); next = peer.next()) {
            String content = next.get().body();
            processed.merge(content, 1, Integer::sum);
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: " + content.length() + "\r\n\r\n" + content);
            int chance = ThreadLocalRandom.current().nextInt(10);
            if (chance == 0) return;
            if (chance == 1) {
                LockSupport.parkNanos(ThreadLocalRandom.current().nextInt(300_000));
                return;
            }
        }
    }

    private static void assertEachIsLoggedAsWhole(Stage stage, int count) {
        stage.awaitCalls(count);
        assertEquals(count, stage.log().split("-> 200 \\([^\\n]* complete=true term=--\\n", -1).length - 1);
    }

    private void assertEachOnce(int count) {
        assertEquals(count, processed.size());
        assertEquals(0, processed.values().stream().filter(times -> times > 1).count());
    }
}
