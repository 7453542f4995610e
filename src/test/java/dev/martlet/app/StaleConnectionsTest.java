package dev.martlet.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.martlet.wire.Http1;
import dev.martlet.wire.Source;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
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
        try (AcceptanceRig rig = new AcceptanceRig(this::dropSometimes);
                Socket client = rig.connect()) {
            assertEquals(0, failures(client, "sequential", SEQUENTIAL));
        }
        assertEachOnce(SEQUENTIAL);
    }

    @Test
    @DisplayName("U-9: 200 clients at a time, connections dropped at random: no error, none processed twice")
    void concurrentPostsSurvive() throws IOException, InterruptedException {
        AtomicInteger failures = new AtomicInteger();
        try (AcceptanceRig rig = new AcceptanceRig(this::dropSometimes);
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < CONCURRENT; i++) {
                String name = "client-" + i;
                clients.execute(() -> {
                    try (Socket client = rig.connect()) {
                        failures.addAndGet(failures(client, name, EACH));
                    } catch (IOException e) {
                        failures.incrementAndGet();
                    }
                });
            }
            clients.shutdown();
            clients.awaitTermination(60, TimeUnit.SECONDS);
        }
        assertEquals(0, failures.get());
        assertEachOnce(CONCURRENT * EACH);
    }

    private static int failures(Socket client, String name, int count) throws IOException {
        int failures = 0;
        Source answers = AcceptanceRig.source(client);
        for (int i = 0; i < count; i++) {
            String content = name + "-" + i;
            AcceptanceRig.send(client, "POST", "/v1/echo", content);
            AcceptanceRig.Reply reply = AcceptanceRig.receive(answers, "POST");
            if (reply.status() != 200 || !reply.content().equals(content)) failures++;
        }
        return failures;
    }

    /// Answers, then with some chance closes the connection: at once, or a moment later without having said so.
    private void dropSometimes(Socket socket, Source source) throws IOException {
        while (true) {
            var head = Http1.readRequest(source, AcceptanceRig.LIMITS);
            if (head.isEmpty()) return;
            byte[] content =
                    Http1.body(source, head.get().framing(), AcceptanceRig.LIMITS, Long.MAX_VALUE).readAllBytes();
            processed.merge(new String(content, StandardCharsets.UTF_8), 1, Integer::sum);
            String start = "HTTP/1.1 200 OK\r\nContent-Length: " + content.length + "\r\n\r\n";
            socket.getOutputStream()
                    .write((start + new String(content, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8));
            int chance = ThreadLocalRandom.current().nextInt(10);
            if (chance == 0) return;
            if (chance == 1) {
                LockSupport.parkNanos(ThreadLocalRandom.current().nextInt(300_000));
                return;
            }
        }
    }

    private void assertEachOnce(int count) {
        assertEquals(count, processed.size());
        assertEquals(0, processed.values().stream().filter(times -> times > 1).count());
    }
}
