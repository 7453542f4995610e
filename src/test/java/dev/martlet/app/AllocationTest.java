package dev.martlet.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;

/// What a call makes the gateway allocate does not grow unnoticed: bytes, unlike times, are the same on every machine.
/// `-Dgolden=write` keeps the figures of now.
class AllocationTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden/allocation");
    private static final double GROWTH_MAX = 1.10;
    private static final int ANSWERS = 2_000;
    private static final int STREAMS = 40;
    private static final int EVENTS = 100;
    private static final long PAUSE_NANOS = 200_000;

    private static final String QUESTION =
            "{\"model\":\"a\",\"messages\":[{\"role\":\"user\",\"content\":\"" + "word ".repeat(180) + "\"}]}";
    private static final String ASK =
            "POST /v1/chat/completions HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer sk-fake-0123456789\r\n"
                    + "Content-Type: application/json\r\nAccept: application/json\r\nUser-Agent: caller/1\r\n"
                    + "Content-Length: "
                    + QUESTION.length()
                    + "\r\n\r\n"
                    + QUESTION;
    private static final String ANSWER =
            "HTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\nContent-Type: application/json\r\n"
                    + "x-request-id: req_0123456789abcdef\r\nContent-Length: 1000\r\n\r\n"
                    + "x".repeat(1_000);
    private static final String STREAM =
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
    private static final String EVENT = "c8\r\ndata: " + "y".repeat(192) + "\n\n\r\n";
    private static final String END = "0\r\n\r\n";

    /// One call, from its request to its last byte.
    @FunctionalInterface
    private interface OneCall {
        void run() throws IOException;
    }

    @Test
    void aWholeAnswerTakesWhatItTook() throws IOException {
        try (FakeProvider provider = FakeProvider.answering(ANSWER);
                MeteredGateway gateway = new MeteredGateway(provider.port());
                RawClient client = new RawClient(gateway.port())) {
            OneCall call =
                    () -> {
                        client.send(ASK);
                        assertEquals(1_000, client.read().body().length());
                    };
            compare("whole-answer", bytesEach(gateway, call, ANSWERS));
        }
    }

    /// Each event is sent a moment after the one before has arrived: the gateway then waits for every one, which is what
    /// takes most. Where a busy machine lets an event find it not waiting yet, it takes less.
    @Test
    void aStreamTakesWhatItTook() throws IOException {
        Semaphore due = new Semaphore(0);
        FakeProvider.Script events =
                peer -> {
                    while (peer.request()) {
                        peer.send(STREAM);
                        for (int i = 0; i < EVENTS; i++) {
                            due.acquireUninterruptibly();
                            peer.send(EVENT);
                        }
                        peer.send(END);
                    }
                };
        try (FakeProvider provider = new FakeProvider(events);
                MeteredGateway gateway = new MeteredGateway(provider.port());
                RawClient client = new RawClient(gateway.port())) {
            OneCall call =
                    () -> {
                        client.send(ASK);
                        client.await("\r\n\r\n");
                        for (int i = 0; i < EVENTS; i++) {
                            LockSupport.parkNanos(PAUSE_NANOS);
                            due.release();
                            client.skip(EVENT.length());
                        }
                        client.skip(END.length());
                    };
            compare("stream", bytesEach(gateway, call, STREAMS));
        }
    }

    /// Half as many calls come first: what is made once, such as a connection, is not counted.
    private static long bytesEach(MeteredGateway gateway, OneCall call, int calls) throws IOException {
        for (int i = 0; i < calls / 2; i++) call.run();
        long before = gateway.allocated();
        for (int i = 0; i < calls; i++) call.run();
        return (gateway.allocated() - before) / calls;
    }

    private static void compare(String name, long bytes) throws IOException {
        Path golden = GOLDEN.resolve(name + ".txt");
        if ("write".equals(System.getProperty("golden"))) Files.writeString(golden, bytes + "\n");
        long known = Long.parseLong(Files.readString(golden).strip());
        String text = name + " takes " + bytes + " bytes, and took " + known + "; -Dgolden=write if it has to";
        assertTrue(bytes <= known * GROWTH_MAX, text);
    }
}
