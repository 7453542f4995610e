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
    private static final int ROUNDS = 4;
    private static final long PAUSE_NANOS = 200_000;

    private static final int ANSWER_BYTES = 1_000;

    private static final String QUESTION =
            "{\"model\":\"a\",\"messages\":[{\"role\":\"user\",\"content\":\"" + "word ".repeat(180) + "\"}]}";
    private static final String ANSWER =
            """
            HTTP/1.1 200 OK\r
            Date: Thu, 01 Jan 2026 00:00:00 GMT\r
            Content-Type: application/json\r
            x-request-id: req_0123456789abcdef\r
            Content-Length: 1000\r
            \r
            """;
    private static final String STREAM =
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
    private static final String EVENT = "data: " + "y".repeat(192) + "\n\n";
    private static final String DONE = "data: [DONE]\n\n";
    private static final String END = "0\r\n\r\n";

    private final Semaphore due = new Semaphore(0);

    /// One call, from its request to its last byte.
    @FunctionalInterface
    private interface OneCall {
        void run() throws IOException;
    }

    @Test
    void aWholeAnswerTakesWhatItTook() throws IOException {
        try (FakeProvider provider = FakeProvider.answering(ANSWER + "x".repeat(ANSWER_BYTES));
                MeteredGateway gateway = MeteredGateway.ofServices(provider.port())) {
            compare("whole-answer", ofAnswers(gateway, ANSWER_BYTES));
        }
    }

    @Test
    void aChannelsAnswerTakesWhatItTook() throws IOException {
        String before = "{\"model\":\"up-a\",\"choices\":[{\"index\":0,\"message\":{\"content\":\"";
        String behind = "\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":9}}";
        String content = "x".repeat(ANSWER_BYTES - before.length() - behind.length());
        try (FakeProvider provider = FakeProvider.answering(ANSWER + before + content + behind);
                MeteredGateway gateway = MeteredGateway.ofChannel(provider.port())) {
            compare("channels-answer", ofAnswers(gateway, ANSWER_BYTES - "up-".length()));
        }
    }

    @Test
    void aStreamTakesWhatItTook() throws IOException {
        try (FakeProvider provider = streaming(EVENT);
                MeteredGateway gateway = MeteredGateway.ofServices(provider.port())) {
            compare("stream", ofStreams(gateway, QUESTION, EVENT));
        }
    }

    @Test
    void aChannelsStreamTakesWhatItTook() throws IOException {
        String rest = "\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + "y".repeat(130) + "\"}}]}\n\n";
        try (FakeProvider provider = streaming("data: {\"model\":\"up-a" + rest);
                MeteredGateway gateway = MeteredGateway.ofChannel(provider.port())) {
            String question = QUESTION.replaceFirst("[{]", "{\"stream\":true,");
            compare("channels-stream", ofStreams(gateway, question, "data: {\"model\":\"a" + rest));
        }
    }

    private static long ofAnswers(MeteredGateway gateway, int bytes) throws IOException {
        try (RawClient client = new RawClient(gateway.port())) {
            OneCall call =
                    () -> {
                        client.send(asking(QUESTION));
                        assertEquals(bytes, client.read().body().length());
                    };
            return bytesEach(gateway, call, ANSWERS);
        }
    }

    private FakeProvider streaming(String event) {
        return new FakeProvider(peer -> {
            while (peer.request()) {
                peer.send(STREAM);
                for (int i = 0; i < EVENTS; i++) {
                    due.acquireUninterruptibly();
                    peer.send(chunk(event));
                }
                peer.send(chunk(DONE) + END);
            }
        });
    }

    /// Each event is sent a moment after the one before has arrived: the gateway then waits for every one, which is what
    /// takes most. Where a busy machine lets an event find it not waiting yet, it takes less.
    private long ofStreams(MeteredGateway gateway, String question, String event) throws IOException {
        try (RawClient client = new RawClient(gateway.port())) {
            OneCall call =
                    () -> {
                        client.send(asking(question));
                        for (int i = 0; i < EVENTS; i++) {
                            LockSupport.parkNanos(PAUSE_NANOS);
                            due.release();
                            client.await(event);
                        }
                        client.await(END);
                    };
            return bytesEach(gateway, call, STREAMS);
        }
    }

    private static String asking(String question) {
        return "POST /v1/chat/completions HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer sk-fake-0123456789\r\n"
                + "Content-Type: application/json\r\nAccept: application/json\r\nUser-Agent: caller/1\r\n"
                + "Content-Length: "
                + question.length()
                + "\r\n\r\n"
                + question;
    }

    private static String chunk(String content) {
        return Integer.toHexString(content.length()) + "\r\n" + content + "\r\n";
    }

    /// Half as many calls come first: what is made once, such as a connection, is not counted. The least of several rounds
    /// counts: what else the process does at the time, a busy machine stretches.
    private static long bytesEach(MeteredGateway gateway, OneCall call, int calls) throws IOException {
        for (int i = 0; i < calls / 2; i++) call.run();
        long least = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            long before = gateway.allocated();
            for (int i = 0; i < calls / ROUNDS; i++) call.run();
            least = Math.min(least, (gateway.allocated() - before) / (calls / ROUNDS));
        }
        return least;
    }

    private static void compare(String name, long bytes) throws IOException {
        Path golden = GOLDEN.resolve(name + ".txt");
        if ("write".equals(System.getProperty("golden"))) Files.writeString(golden, bytes + "\n");
        long known = Long.parseLong(Files.readString(golden).strip());
        String text = name + " takes " + bytes + " bytes, and took " + known + "; -Dgolden=write if it has to";
        assertTrue(bytes <= known * GROWTH_MAX, text);
    }
}
