package dev.martlet.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.UnixOperatingSystemMXBean;

import dev.martlet.Field;
import dev.martlet.app.RawClient.Answer;
import dev.martlet.wire.Http1.RequestHead;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Clients that are slow, greedy, or gone (the rows C of the catalogue of faults). After each of them the gateway serves on,
/// and the provider has heard of nothing that was refused.
@Timeout(60)
class ClientFaultsTest {
    private static final String POST = "POST /f HTTP/1.1\r\nHost: a\r\n";
    private static final int SLOW_CLIENTS = 50;
    private static final int AT_ONCE = 50;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Doorstep doorstep = new Doorstep();

    @AfterEach
    void servesOn() {
        int before = doorstep.seen().size();
        doorstep.servesOn();
        assertEquals(before + 1, doorstep.seen().size());
        doorstep.close();
    }

    @TestFactory
    @DisplayName("C-8, C-9, C-17, C-18, one message each")
    Stream<DynamicTest> messages() {
        return doorstep.messages(
                "C-", (request, head) -> assertEquals(request.bytes().split(" ", 3)[1], head.target()));
    }

    @ParameterizedTest
    @DisplayName("C-17 no answer of the gateway's own says again what stood in the target")
    @ValueSource(
            strings = {
                "/f?q=a#b<i>",
                "/f?q=\u0080<i>",
                "/f?q=\u00ff<i>",
                "/x/../<i>",
                "/admin?q=<i>",
                "/verify?q={<i>}",
                "/gateway/<i>",
                "/metrics?q=<i>"
            })
    void saysNothingAgain(String target) {
        Answer answer = RawClient.ask(doorstep.port(), "GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n");
        assertTrue(answer.status() >= 400 && answer.status() < 500, answer::head);
        assertFalse((answer.head() + answer.body()).contains("<i>"), answer::body);
        assertTrue(answer.says("Content-Type: application/json"), answer::head);
        assertEquals(0, doorstep.seen().size());
    }

    @ParameterizedTest
    @DisplayName("A-1 nobody is asked for a key: what the caller brings goes up as it came, none, one or two")
    @ValueSource(
            strings = {
                "",
                "Authorization: \r\n",
                "Authorization: Nonsense\r\n",
                "Authorization: Bearer sk-fake-1\r\n",
                "Authorization: Bearer sk-fake-1\r\nAuthorization: Bearer sk-fake-2\r\n",
                "Authorization: Bearer sk-fake-1\r\nx-api-key: sk-fake-2\r\n"
            })
    void asksForNoKey(String fields) {
        Answer answer =
                RawClient.ask(doorstep.port(), "GET /f?key=sk-fake-3 HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n");
        assertEquals("/f?key=sk-fake-3", answer.body());
        RequestHead head = doorstep.seen().getFirst();
        StringBuilder credentials = new StringBuilder();
        for (Field field : head.fields()) {
            if (!List.of("Authorization", "x-api-key").contains(field.name())) continue;
            credentials.append(field.name()).append(": ").append(field.value()).append("\r\n");
        }
        assertEquals(fields, credentials.toString());
    }

    @Test
    @DisplayName("C-18 a method that is refused is told which are not")
    void namesTheMethods() {
        Answer answer = RawClient.ask(doorstep.port(), "TRACE /f HTTP/1.1\r\nHost: a\r\n\r\n");
        assertEquals(405, answer.status());
        assertTrue(answer.says("Allow: GET, HEAD, POST"), answer::head);
    }

    @Test
    @DisplayName(
            "C-1 heads that come an octet at a time: each is ended at the deadline, and others are served meanwhile")
    void endsSlowHeads() throws Exception {
        try (Slow slow = new Slow("GET /f HTTP/1.1\r\nX: ")) {
            for (int i = 0; i < 20; i++) doorstep.servesOn();
            slow.allGetAnswer(408);
        }
        assertEquals(20, doorstep.seen().size());
    }

    @Test
    @DisplayName("C-3 bodies that come an octet at a time: each is ended at the deadline, which is for the whole body")
    void endsSlowBodies() throws Exception {
        try (Slow slow = new Slow(POST + "Content-Length: 1000\r\n\r\n")) {
            for (int i = 0; i < 20; i++) doorstep.servesOn();
            slow.allGetAnswer(408);
        }
        assertEquals(20, doorstep.seen().size());
        doorstep.awaitLog("term=cR");
    }

    /// Many clients that send a beginning, and then an octet every 50 ms for as long as they are let.
    private final class Slow implements AutoCloseable {
        private final long from = System.nanoTime();
        private final List<RawClient> clients = new ArrayList<>();

        Slow(String beginning) {
            for (int i = 0; i < SLOW_CLIENTS; i++) {
                RawClient client = new RawClient(doorstep.port());
                clients.add(client);
                Thread.ofVirtual().start(() -> trickle(client, beginning));
            }
        }

        private static void trickle(RawClient client, String beginning) {
            try {
                client.send(beginning);
                while (true) {
                    Thread.sleep(50);
                    client.send("x");
                }
            } catch (UncheckedIOException | InterruptedException e) {
                // The gateway has had enough.
            }
        }

        void allGetAnswer(int status) throws IOException {
            for (RawClient client : clients) {
                Answer answer = client.read();
                assertEquals(status, answer.status(), answer::head);
                assertTrue(answer.says("Connection: close"), answer::head);
            }
            long millis = (System.nanoTime() - from) / 1_000_000;
            assertTrue(millis >= Doorstep.DEADLINE_MILLIS - 50, "too early: " + millis);
            assertTrue(millis < Doorstep.DEADLINE_MILLIS + 5_000, "too late: " + millis);
        }

        @Override
        public void close() {
            clients.forEach(RawClient::close);
        }
    }

    @Test
    @DisplayName("C-1 a head that did not come in time has its line in the log")
    void notesSlowHeads() {
        try (RawClient client = new RawClient(doorstep.port())) {
            client.send("GET /f HTTP/1.1\r\n");
            assertEquals(408, client.read().status());
        }
        doorstep.awaitLog("term=cR");
    }

    @Test
    @DisplayName("C-2 a client that sends nothing is left without a word, and without a line in the log")
    void endsSilentConnections() throws IOException {
        try (RawClient client = new RawClient(doorstep.port())) {
            assertTrue(client.ended(), "an answer to nothing");
        }
        assertFalse(doorstep.log().contains("-> 408"), doorstep::log);
    }

    @ParameterizedTest
    @DisplayName("C-4 a body that ends early, and the client with it: no call to a provider")
    @ValueSource(
            strings = {"Content-Length: 10\r\n\r\nhello", "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", "Conte"})
    void callsNobodyForHalfABody(String half) throws IOException {
        try (RawClient client = new RawClient(doorstep.port())) {
            client.send(POST + half);
            client.endSending();
            assertTrue(client.ended(), "an answer to half a request");
        }
        assertEquals(0, doorstep.seen().size());
        if (!half.equals("Conte")) doorstep.awaitLog("term=CR");
    }

    @Test
    @DisplayName("C-5 a client that closes its sending side counts as one that left: nobody works on for it")
    void countsAHalfClosedClientAsGone() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch calledOff = new CountDownLatch(1);
        try (Doorstep silent = silent(asked, calledOff);
                RawClient client = new RawClient(silent.port())) {
            client.send("GET /f HTTP/1.1\r\nHost: a\r\n\r\n");
            assertTrue(asked.await(5, TimeUnit.SECONDS));
            client.endSending();
            assertTrue(calledOff.await(5, TimeUnit.SECONDS), "the provider works on for nobody");
            silent.awaitLog("term=CH");
        }
    }

    @ParameterizedTest
    @DisplayName("C-19 a client that resets its connection before an answer: the provider is called off")
    @ValueSource(strings = {"GET /f HTTP/1.1\r\nHost: a\r\n\r\n", POST + "Content-Length: 5\r\n\r\nhello"})
    void callsOffForAResetClient(String request) throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch calledOff = new CountDownLatch(1);
        try (Doorstep silent = silent(asked, calledOff)) {
            RawClient client = new RawClient(silent.port());
            client.send(request);
            assertTrue(asked.await(5, TimeUnit.SECONDS));
            client.reset();
            assertTrue(calledOff.await(5, TimeUnit.SECONDS), "the provider works on for nobody");
            silent.awaitLog(" -> 499 (");
            silent.awaitLog("term=CH");
        }
    }

    /// In front of a provider that reads requests and never answers.
    private static Doorstep silent(CountDownLatch asked, CountDownLatch calledOff) {
        return new Doorstep(peer -> {
            peer.request();
            asked.countDown();
            peer.awaitClose();
            calledOff.countDown();
        });
    }

    @ParameterizedTest
    @DisplayName("C-6 a body of exactly the limit is served, one of an octet more is not")
    @CsvSource({"false, 0, 200", "false, 1, 413", "true, 0, 200", "true, 1, 413"})
    void keepsTheLimitOfABody(boolean chunked, int more, int status) throws IOException {
        int bytes = Doorstep.UPLOAD_BYTES_MAX + more;
        String body = "b".repeat(bytes);
        String half = "b".repeat(Doorstep.UPLOAD_BYTES_MAX / 2);
        String rest = "b".repeat(bytes - half.length());
        String chunks = chunk(half) + chunk(rest) + "0\r\n\r\n";
        try (RawClient client = new RawClient(doorstep.port())) {
            String framing = chunked ? "Transfer-Encoding: chunked" : "Content-Length: " + bytes;
            client.upload(POST + framing + "\r\n\r\n" + (chunked ? chunks : body), new byte[0], 0, "");
            Answer answer = client.read();
            assertEquals(status, answer.status(), answer::head);
            if (status == 413) Doorstep.assertCloses(client, answer);
        }
        assertEquals(status == 200 ? 1 : 0, doorstep.seen().size());
    }

    private static String chunk(String content) {
        return Integer.toHexString(content.length()) + "\r\n" + content + "\r\n";
    }

    @Test
    @DisplayName("C-6 a body of gigabytes is refused before any of it has come")
    void refusesGigabytesAtOnce() throws IOException {
        try (RawClient client = new RawClient(doorstep.port())) {
            client.send(POST + "Content-Length: 10737418240\r\n\r\n");
            Answer answer = client.read();
            assertEquals(413, answer.status(), answer::head);
            Doorstep.assertCloses(client, answer);
        }
        assertEquals(0, doorstep.seen().size());
    }

    @Test
    @DisplayName("C-20 2000 clients that leave at any moment: no connection is left behind")
    void survivesClientsThatLeave() throws Exception {
        AtomicInteger open = new AtomicInteger();
        FakeProvider.Script script =
                peer -> {
                    open.incrementAndGet();
                    try {
                        while (peer.request()) {
                            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n");
                            Thread.sleep(5);
                            peer.send("hello world");
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    } finally {
                        open.decrementAndGet();
                    }
                };
        try (Doorstep busy = new Doorstep(script)) {
            long filesBefore = openFiles();
            Random random = new Random(20);
            List<Thread> clients =
                    IntStream.range(0, 2000)
                            .mapToObj(i -> Thread.ofVirtual().unstarted(comesAndGoes(busy.port(), random.nextInt())))
                            .toList();
            for (int from = 0; from < clients.size(); from += AT_ONCE) {
                List<Thread> some = clients.subList(from, from + AT_ONCE);
                some.forEach(Thread::start);
                for (Thread client : some) client.join();
            }
            assertEquals(200, RawClient.get(busy.port()).status());
            long until = System.nanoTime() + PATIENCE_NANOS;
            while (openFiles() > filesBefore + idleFiles(open) && System.nanoTime() - until < 0) Thread.sleep(20);
            assertTrue(
                    openFiles() <= filesBefore + idleFiles(open), openFiles() + " files, " + filesBefore + " before");
            assertTrue(open.get() <= AT_ONCE, open + " connections to the provider are open");
        }
    }

    /// Both ends of the connections that rest in the pool, and what the process opens by itself.
    private static long idleFiles(AtomicInteger connections) {
        return 2L * connections.get() + 16;
    }

    private static long openFiles() {
        return ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getOpenFileDescriptorCount();
    }

    private static Runnable comesAndGoes(int port, int seed) {
        return () -> {
            Random random = new Random(seed);
            String request = "POST /f HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello";
            try {
                RawClient client = new RawClient(port);
                client.send(request.substring(0, random.nextInt(request.length() + 1)));
                Thread.sleep(random.nextInt(12));
                if (random.nextBoolean()) client.reset();
                else client.close();
            } catch (IOException | UncheckedIOException e) {
                // The gateway was quicker.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
    }

    @Test
    @DisplayName("C-21 ten requests in one packet are answered in their order")
    void answersInOrder() throws IOException {
        String packet =
                IntStream.range(0, 10)
                        .mapToObj(i -> "GET /" + i + " HTTP/1.1\r\nHost: a\r\n\r\n")
                        .collect(Collectors.joining());
        try (RawClient client = new RawClient(doorstep.port())) {
            client.send(packet);
            for (int i = 0; i < 10; i++) assertEquals("/" + i, client.read().body());
        }
        assertEquals(10, doorstep.seen().size());
    }

    @ParameterizedTest
    @DisplayName("C-21 garbage behind a request: the request is answered, the garbage is refused")
    @ValueSource(strings = {"garbage\r\n\r\n", "\0\0\0\0", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "\r\n\r\n"})
    void refusesGarbageBehindARequest(String garbage) throws IOException {
        try (RawClient client = new RawClient(doorstep.port())) {
            client.send("GET /f HTTP/1.1\r\nHost: a\r\n\r\n" + garbage);
            assertEquals("/f", client.read().body());
            Answer answer = client.read();
            assertTrue(answer.status() == 400 || answer.status() == 408, answer::head);
            Doorstep.assertCloses(client, answer);
        }
        assertEquals(1, doorstep.seen().size());
    }
}
