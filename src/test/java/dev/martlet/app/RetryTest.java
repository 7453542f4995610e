package dev.martlet.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.martlet.config.Config;
import dev.martlet.config.ConfigInvalid;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// Half-dead upstreams: what is tried again, and what is left alone.
class RetryTest {
    private static final String BUSY = "HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy";
    private static final String FINE = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine";
    private static final int CALLS = 40;

    @TempDir Path folder = Path.of("");

    private final ByteArrayOutputStream log = new ByteArrayOutputStream();

    @Test
    @DisplayName("O-8 where all fail, few try again; the others get the answer that there is, and the log says why")
    void theBudgetBoundsRetries() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        FakeProvider.Script busy =
                peer -> {
                    while (peer.request()) {
                        attempts.incrementAndGet();
                        Wait.pause(Duration.ofMillis(500));
                        peer.send(BUSY);
                    }
                };
        try (FakeProvider one = new FakeProvider(busy);
                FakeProvider two = new FakeProvider(busy);
                Gateway gateway = start(one, two, "breaker: {failures: 1000}")) {
            RawClient.get(gateway.port());
            attempts.set(0);
            for (RawClient.Answer answer : together(gateway, CALLS)) {
                assertEquals(503, answer.status());
                assertEquals("busy", answer.body());
            }
            int retries = attempts.get() - CALLS;
            assertTrue(retries > 0 && retries < CALLS / 2, () -> retries + " retries for " + CALLS + " calls");
            Wait.until(() -> said(" retry_budget ") == CALLS - retries);
        }
    }

    @Test
    @DisplayName("all failed: Retry-After once every breaker is open, and not before")
    void saysWhenAServiceIsTriedAgain() throws Exception {
        FakeProvider.Script broken = FakeProvider.Peer::request;
        try (FakeProvider one = new FakeProvider(broken);
                FakeProvider two = new FakeProvider(broken);
                Gateway gateway = start(one, two, "breaker: {failures: 2, open: 20s}")) {
            RawClient.Answer first = RawClient.get(gateway.port());
            assertEquals(503, first.status());
            assertFalse(first.says("Retry-After"), first.head());
            RawClient.Answer second = RawClient.get(gateway.port());
            assertEquals(503, second.status());
            assertTrue(second.says("Retry-After: 20") || second.says("Retry-After: 1"), second.head());
        }
    }

    @Test
    @DisplayName("O-9 a probe that hangs is alone; when its client leaves, the next call is the probe")
    void oneProbeAtATime() throws Exception {
        AtomicBoolean hangs = new AtomicBoolean();
        AtomicInteger asked = new AtomicInteger();
        FakeProvider.Script ill =
                peer -> {
                    while (peer.request()) {
                        asked.incrementAndGet();
                        if (hangs.get()) peer.awaitClose();
                        else peer.send(BUSY);
                    }
                };
        try (FakeProvider one = new FakeProvider(ill);
                FakeProvider two = FakeProvider.answering(FINE);
                Gateway gateway = start(one, two, "breaker: {failures: 3, open: 1s}")) {
            while (asked.get() < 3) assertEquals(200, RawClient.get(gateway.port()).status());
            hangs.set(true);
            asked.set(0);
            RawClient probe = awaitProbe(gateway, asked);
            for (RawClient.Answer answer : together(gateway, 100)) assertEquals("fine", answer.body());
            assertEquals(1, asked.get());
            probe.close();
            RawClient next = awaitProbe(gateway, asked);
            for (RawClient.Answer answer : together(gateway, 100)) assertEquals("fine", answer.body());
            assertEquals(2, asked.get());
            next.close();
        }
    }

    /// Calls until one of them hangs: it is the probe.
    private static RawClient awaitProbe(Gateway gateway, AtomicInteger asked) {
        int before = asked.get();
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (System.nanoTime() < end) {
            RawClient client = new RawClient(gateway.port());
            client.send("GET /v1/models HTTP/1.1\r\nHost: a\r\n\r\n");
            Wait.pause(Duration.ofMillis(100));
            if (asked.get() > before) return client;
            client.close();
        }
        throw new AssertionError("no call was let in as a probe");
    }

    private static List<RawClient.Answer> together(Gateway gateway, int calls) throws Exception {
        List<RawClient.Answer> answers = new ArrayList<>();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<RawClient.Answer>> running = new ArrayList<>();
            for (int i = 0; i < calls; i++) running.add(clients.submit(() -> RawClient.get(gateway.port())));
            for (Future<RawClient.Answer> each : running) answers.add(each.get(30, TimeUnit.SECONDS));
        }
        return answers;
    }

    private Gateway start(FakeProvider one, FakeProvider two, String routing) throws IOException, ConfigInvalid {
        String services = "['http://127.0.0.1:" + one.port() + "', 'http://127.0.0.1:" + two.port() + "']";
        List<String> lines =
                List.of(
                        "server: {host: 127.0.0.1, port: 0}",
                        "routing: {" + routing + "}",
                        "transparent: {services: " + services + "}");
        Path yaml = Files.write(folder.resolve("martlet.yaml"), lines);
        Gateway gateway = new Gateway(Config.load(Optional.of(yaml), Map.of(), Optional.empty()), log);
        gateway.start();
        return gateway;
    }

    private int said(String text) {
        return log.toString(StandardCharsets.UTF_8).split(text, -1).length - 1;
    }
}
