package dev.martlet.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.martlet.server.ServerSettings.Times;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/// A machine that has something else to do: four busy threads for each core. `src/acceptance/starved` goes further.
@Timeout(60)
class StarvationTest {
    private static final long LIMIT_MILLIS = 2000;

    private final AtomicBoolean over = new AtomicBoolean();
    private final List<Thread> busy = new ArrayList<>();

    @BeforeEach
    void burn() {
        LongAdder spins = new LongAdder();
        for (int i = 0; i < 4 * Runtime.getRuntime().availableProcessors(); i++) {
            busy.add(
                    Thread.ofPlatform()
                            .daemon()
                            .start(() -> {
                                while (!over.get()) spins.increment();
                            }));
        }
    }

    @AfterEach
    void rest() throws InterruptedException {
        over.set(true);
        for (Thread each : busy) each.join();
    }

    @Test
    @DisplayName("O-14 starved of processor time: a slow client is sent away in twice its time, the next one is served")
    void deadlinesOfClients() {
        Duration limit = Duration.ofMillis(LIMIT_MILLIS);
        try (FakeProvider provider = FakeProvider.answering(FakeProvider.OK);
                Stage stage =
                        new Stage(provider, each -> each.with(new Times(limit, limit, limit, limit, limit, limit)));
                RawClient head = new RawClient(stage.port());
                RawClient body = new RawClient(stage.port())) {
            long since = System.nanoTime();
            head.send("GET /v1/models HTTP/1.1\r\nHo");
            body.send("POST /v1/x HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nabc");
            assertEquals(408, head.read().status());
            assertInTime(since);
            assertEquals(408, body.read().status());
            assertInTime(since);
            assertEquals(200, RawClient.get(stage.port()).status());
        }
    }

    @Test
    @DisplayName("O-14 the same: a service that does not answer is given up in twice its time, one that answers is not")
    void deadlinesOfServices() {
        FakeProvider.Script silent =
                peer -> {
                    peer.request();
                    peer.awaitClose();
                };
        int millis = (int) LIMIT_MILLIS;
        try (FakeProvider hole = new FakeProvider(silent);
                FakeProvider quick = FakeProvider.answering(FakeProvider.OK);
                Stage holes = new Stage(hole, Stage.timeouts(millis, millis, 60_000));
                Stage stage = new Stage(quick, Stage.timeouts(millis, millis, 60_000))) {
            long since = System.nanoTime();
            assertEquals(503, RawClient.get(holes.port()).status());
            assertEquals(2, hole.requests().size(), "one attempt after the other");
            assertInTime(since + (System.nanoTime() - since) / 2);
            for (int i = 0; i < 20; i++) assertEquals(200, RawClient.get(stage.port()).status());
        }
    }

    @Test
    @DisplayName("O-14 the same: the watchdog's own request is answered in the time that the unit leaves it")
    void theWatchdogIsFed() {
        try (FakeProvider provider = FakeProvider.answering(FakeProvider.OK);
                Stage stage = new Stage(provider, Stage.LONG)) {
            OwnDoor door = new OwnDoor("127.0.0.1", stage.port(), false);
            for (int i = 0; i < 5; i++) assertEquals(Systemd.Beat.FELT, door.feel(Duration.ofSeconds(10)));
        }
    }

    private static void assertInTime(long since) {
        long millis = (System.nanoTime() - since) / 1_000_000;
        assertTrue(millis >= LIMIT_MILLIS - 100, "too early: " + millis);
        assertTrue(millis <= 2 * LIMIT_MILLIS, "too late: " + millis);
    }
}
