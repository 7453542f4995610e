package dev.martlet.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.martlet.app.RawClient.Answer;
import dev.martlet.server.ServerSettings;
import dev.martlet.server.ServerSettings.Allowance;
import dev.martlet.server.ServerSettings.Limits;
import dev.martlet.server.ServerSettings.Times;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

/// Nobody can hold the gateway: too many clients, too many calls, clients that are too slow, or do not read.
@Timeout(60)
class LimitsTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
    private static final String LIVE = "GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n";

    @Test
    @DisplayName("O-2 one client above the limit: refused with Retry-After and closed; the operator's pages answer")
    void connectionsAboveTheLimit() throws IOException {
        CountDownLatch over = new CountDownLatch(1);
        try (FakeProvider silent = silent(over);
                Stage stage = new Stage(silent, settings -> settings.with(limits(2, 8)))) {
            try (RawClient one = asking(stage);
                    RawClient two = asking(stage);
                    RawClient three = new RawClient(stage.port());
                    RawClient four = new RawClient(stage.port())) {
                awaitRequests(silent, 2);
                three.send(RawClient.GET);
                Answer refused = three.read();
                assertEquals(503, refused.status());
                assertTrue(refused.says("Retry-After: 1"), refused.head());
                assertTrue(refused.body().contains("\"request_id\""), refused.body());
                assertTrue(three.ended());
                four.send(LIVE);
                assertEquals(200, four.read().status());
                assertTrue(four.ended());
                over.countDown();
                assertEquals(200, one.read().status());
                assertEquals(200, two.read().status());
            }
            stage.awaitLog("-> 503 (");
            stage.awaitLog("term=PQ");
        }
    }

    @Test
    @DisplayName("a client above the limit takes the place of one that has been idle for a second")
    void anIdleClientGoesFirst() throws IOException {
        try (FakeProvider provider = FakeProvider.answering(OK);
                Stage stage = new Stage(provider, settings -> settings.with(limits(2, 8)));
                RawClient idle = new RawClient(stage.port());
                RawClient busy = new RawClient(stage.port())) {
            idle.send(RawClient.GET);
            assertEquals(200, idle.read().status());
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200)); // its rest begins a moment after its answer
            busy.send(RawClient.GET);
            assertEquals(200, busy.read().status());
            int status = 503;
            while (status == 503) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
                status = RawClient.get(stage.port()).status();
            }
            assertEquals(200, status);
            assertTrue(idle.ended(), "the one that was idle the longest is gone");
        }
    }

    @Test
    @DisplayName("O-3, O-4 one call above the limit: 503 after a short wait; not sent when its client leaves")
    void callsAboveTheLimit() throws IOException {
        CountDownLatch over = new CountDownLatch(1);
        try (FakeProvider silent = silent(over);
                Stage stage = new Stage(silent, settings -> settings.with(limits(64, 1)))) {
            try (RawClient one = asking(stage)) {
                awaitRequests(silent, 1);
                RawClient leaving = asking(stage);
                leaving.close();
                Answer refused = RawClient.get(stage.port());
                assertEquals(503, refused.status());
                assertTrue(refused.says("Retry-After: 1"), refused.head());
                assertEquals(200, RawClient.ask(stage.port(), LIVE).status());
                over.countDown();
                assertEquals(200, one.read().status());
                assertEquals(200, RawClient.get(stage.port()).status(), "the place is free again");
                assertEquals(2, silent.requests().size());
            }
            stage.awaitLog("term=PQ");
            stage.awaitLog("-> 499 (");
            stage.awaitLog("term=CQ");
        }
    }

    @Test
    @DisplayName(
            "O-15 a service that does not answer holds half of the places: all other calls are answered by the other")
    void aSlowService() {
        CountDownLatch over = new CountDownLatch(1);
        List<RawClient> clients = new ArrayList<>();
        try (FakeProvider slow = silent(over);
                FakeProvider quick = FakeProvider.answering(OK);
                Stage stage =
                        new Stage(
                                Stage.target(slow.port(), Stage.LONG),
                                Stage.target(quick.port(), Stage.LONG),
                                settings -> settings.with(limits(64, 8)))) {
            for (int i = 1; i <= 40; i++) {
                clients.add(asking(stage));
                long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
                int sent = 0;
                while (sent < i && System.nanoTime() - until < 0)
                    sent = slow.requests().size() + quick.requests().size();
                assertEquals(i, sent, "turned away: " + stage.log());
            }
            assertEquals(4, slow.requests().size());
            String metrics = RawClient.ask(stage.port(), "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n").body();
            assertTrue(metrics.contains("martlet_attempts_in_flight{target=\"service-1\",kind=\"pool\"} 4\n"), metrics);
            assertTrue(metrics.contains("martlet_crowded{target=\"service-1\",kind=\"pool\"} 1\n"), metrics);
            over.countDown();
            for (RawClient client : clients) assertEquals(200, client.read().status());
        } finally {
            clients.forEach(RawClient::close);
        }
    }

    @Test
    @DisplayName("too many requests from one address: 429 with Retry-After; the operator's pages are not counted")
    void requestsOfOneAddress() {
        UnaryOperator<ServerSettings> three = settings -> settings.with(new Allowance(3, Duration.ofMinutes(5)));
        try (FakeProvider provider = FakeProvider.answering(OK);
                Stage stage = new Stage(provider, three)) {
            for (int i = 0; i < 3; i++) {
                assertEquals(200, RawClient.get(stage.port()).status());
                assertEquals(200, RawClient.ask(stage.port(), LIVE).status());
            }
            Answer refused = RawClient.get(stage.port());
            assertEquals(429, refused.status());
            assertTrue(refused.says("Retry-After: "), refused.head());
            assertEquals(3, provider.requests().size());
        }
    }

    @Test
    @DisplayName("C-1, C-2, C-3 a slow head and a slow body get 408, silence gets nothing; all are closed in time")
    void slowClients() throws IOException {
        try (FakeProvider provider = FakeProvider.answering(OK);
                Stage stage = new Stage(provider, LimitsTest::quick);
                RawClient head = new RawClient(stage.port());
                RawClient body = new RawClient(stage.port());
                RawClient silence = new RawClient(stage.port())) {
            head.send("GET /v1/models HTTP/1.1\r\nHo");
            body.send("POST /v1/x HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nabc");
            assertEquals(408, head.read().status());
            assertTrue(head.ended());
            assertEquals(408, body.read().status());
            assertTrue(body.ended());
            assertTrue(silence.ended());
            assertEquals(0, provider.connections());
            assertEquals(200, RawClient.get(stage.port()).status());
            stage.awaitCalls(3);
            assertEquals(2, stage.log().split("term=cR", -1).length - 1, stage::log);
        }
    }

    @Test
    @DisplayName("O-6 a client that does not read: the upstream stops being read, both are cut after the write limit")
    void neverReads() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        FakeProvider.Script endless =
                peer -> {
                    peer.request();
                    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2000000000\r\n\r\n");
                    byte[] part = new byte[64 << 10];
                    try {
                        while (true) peer.send(part);
                    } finally {
                        closed.countDown();
                    }
                };
        try (FakeProvider provider = new FakeProvider(endless);
                Stage stage = new Stage(provider, LimitsTest::quick);
                RawClient client = new RawClient(stage.port())) {
            client.send(RawClient.GET);
            assertTrue(closed.await(20, TimeUnit.SECONDS), "the provider was not cut");
            assertEquals(200, RawClient.ask(stage.port(), LIVE).status());
            stage.awaitLog("complete=false term=cD");
        }
    }

    @Test
    @DisplayName("C-19 a client that sends more and more behind a request that runs is sent away")
    void sendsAheadWithoutEnd() throws IOException {
        try (FakeProvider provider = silent(new CountDownLatch(1));
                Stage stage = new Stage(provider, Stage.LONG);
                RawClient client = new RawClient(stage.port())) {
            client.send(RawClient.GET + "GET /" + "a".repeat(66_000));
            stage.awaitLog(" -> 499 (");
            stage.awaitLog("complete=false term=CH");
        }
    }

    @Test
    @DisplayName("bodies beyond the memory for them flow through, and are only not sent twice")
    void bodiesBeyondTheMemory() {
        UnaryOperator<ServerSettings> little = settings -> settings.with(buffered(20 << 10));
        String post = "POST /v1/x HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n" + "x".repeat(100_000);
        try (FakeProvider provider = FakeProvider.answering("HTTP/1.1 503 No\r\nContent-Length: 4\r\n\r\nbusy");
                Stage stage = new Stage(provider, little)) {
            assertEquals("busy", RawClient.ask(stage.port(), post).body());
            assertEquals(1, provider.requests().size());
            stage.awaitLog("no_memory_to_hold");
        }
    }

    @Test
    @DisplayName("O-13 a body is refused when there is not even the memory for it to flow through")
    void bodiesWithoutAnyMemory() {
        UnaryOperator<ServerSettings> none = settings -> settings.with(buffered(10));
        String post = "POST /v1/x HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n" + "x".repeat(100);
        try (FakeProvider provider = FakeProvider.answering(OK);
                Stage stage = new Stage(provider, none)) {
            RawClient.Answer answer = RawClient.ask(stage.port(), post);
            assertEquals(503, answer.status(), answer::body);
            assertEquals("1", answer.fields().first("Retry-After").orElse(""));
        }
    }

    @Test
    @DisplayName("bodies that never come take no memory: others are held, and tried again")
    void bodiesThatNeverCome() throws IOException {
        UnaryOperator<ServerSettings> little = settings -> settings.with(buffered(3 << 20));
        try (FakeProvider busy = FakeProvider.answering("HTTP/1.1 503 No\r\nContent-Length: 4\r\n\r\nbusy");
                Stage stage = new Stage(busy, little)) {
            List<RawClient> silent = new ArrayList<>();
            for (String framing : List.of("Content-Length: 1000000", "Transfer-Encoding: chunked")) {
                for (int i = 0; i < 10; i++) {
                    RawClient client = new RawClient(stage.port());
                    client.send("POST /v1/x HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n" + framing + "\r\n\r\n");
                    client.await("100 Continue\r\n\r\n"); // the body is awaited
                    silent.add(client);
                }
            }
            String post = "POST /v1/x HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}";
            assertEquals("busy", RawClient.ask(stage.port(), post).body());
            assertEquals(2, busy.requests().size(), stage::log);
            silent.forEach(RawClient::close);
        }
    }

    @Test
    @DisplayName("L-4 stopping: running answers come to their end, new clients are refused, idle ones are sent away")
    void stopping() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (FakeProvider silent = silent(over)) {
            Stage stage = new Stage(silent, Stage.LONG);
            try (RawClient running = asking(stage);
                    RawClient idle = new RawClient(stage.port())) {
                idle.send(LIVE);
                assertEquals(200, idle.read().status());
                awaitRequests(silent, 1);
                List<Boolean> whole = new ArrayList<>();
                Thread stop = Thread.ofVirtual().start(() -> whole.add(stage.gateway().stop(false)));
                assertTrue(idle.ended());
                while (accepts(stage.port())) Thread.onSpinWait();
                over.countDown();
                Answer last = running.read();
                assertEquals(200, last.status());
                assertTrue(last.complete());
                assertTrue(last.says("Connection: close"), last.head());
                stop.join();
                assertEquals(List.of(true), whole);
            }
        }
    }

    @Test
    @DisplayName("L-4 stopping with a successor: who was told before that the connection stays may ask once more")
    void keepsWhatItSaid() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        FakeProvider.Script slow =
                peer -> {
                    peer.request();
                    peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
                    awaitUnhurried(over);
                    peer.send("0\r\n\r\n");
                    while (peer.request()) peer.send(OK);
                };
        try (FakeProvider provider = new FakeProvider(slow)) {
            Stage stage = new Stage(provider, Stage.LONG);
            try (RawClient client = asking(stage)) {
                client.await("hello\r\n");
                Thread stop = Thread.ofVirtual().start(() -> stage.gateway().stop(true));
                while (accepts(stage.port())) Thread.onSpinWait();
                over.countDown();
                client.await("0\r\n\r\n");
                client.send(RawClient.GET);
                Answer last = client.read();
                assertEquals(200, last.status());
                assertTrue(last.says("Connection: close"), last.head());
                stop.join();
            }
        }
    }

    @Test
    @DisplayName("L-5, L-6 stopping: what runs too long is cut and does not look whole; a second word cuts at once")
    void cutting() throws Exception {
        FakeProvider.Script stuck =
                peer -> {
                    peer.request();
                    peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
                    peer.awaitClose();
                };
        try (FakeProvider provider = new FakeProvider(stuck)) {
            Stage stage = new Stage(provider, Stage.LONG);
            try (RawClient client = asking(stage)) {
                client.await("hello\r\n");
                List<Boolean> whole = new ArrayList<>();
                Thread stop = Thread.ofVirtual().start(() -> whole.add(stage.gateway().stop(true)));
                while (accepts(stage.port())) Thread.onSpinWait();
                stage.gateway().cut();
                stop.join();
                assertEquals(List.of(false), whole);
                assertTrue(client.ended(), "no last chunk");
            }
            stage.awaitLog("complete=false term=KD");
        }
    }

    /// Answers a request once it is told to.
    private static FakeProvider silent(CountDownLatch over) {
        return new FakeProvider(peer -> {
            while (peer.request()) {
                awaitUnhurried(over);
                peer.send(OK);
            }
        });
    }

    private static void awaitUnhurried(CountDownLatch over) {
        try {
            over.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static RawClient asking(Stage stage) {
        RawClient client = new RawClient(stage.port());
        client.send(RawClient.GET);
        return client;
    }

    private static void awaitRequests(FakeProvider provider, int count) {
        while (provider.requests().size() < count) Thread.onSpinWait();
    }

    private static boolean accepts(int port) {
        try (java.net.Socket _ = new java.net.Socket(java.net.InetAddress.getLoopbackAddress(), port)) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static Limits limits(int connections, int inFlight) {
        return new Limits(
                32 << 10,
                100,
                32L << 20,
                512L << 20,
                OptionalInt.of(connections),
                OptionalInt.of(inFlight),
                OptionalLong.empty());
    }

    private static Limits buffered(long bytes) {
        return new Limits(
                32 << 10, 100, 1 << 20, 1 << 20, OptionalInt.empty(), OptionalInt.empty(), OptionalLong.of(bytes));
    }

    private static ServerSettings quick(ServerSettings settings) {
        Duration second = Duration.ofSeconds(1);
        return settings.with(new Times(second, second, second, second, second, second));
    }
}
