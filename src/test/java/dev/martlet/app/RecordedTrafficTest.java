package dev.martlet.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.martlet.wire.Http1;
import dev.martlet.wire.Source;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicReference;

/// Real provider traffic, replayed by a local upstream: what the client gets is what the provider sent, octet for octet.
class RecordedTrafficTest {
    private static final int EXCHANGES_MIN = 300;

    @ParameterizedTest(name = "cut into random chunks: {0}")
    @ValueSource(booleans = {false, true})
    void everyRecordedAnswerArrivesAsItWasSent(boolean chunked) throws IOException {
        List<JsonNode> exchanges = exchanges();
        assertTrue(exchanges.size() >= EXCHANGES_MIN);
        AtomicReference<JsonNode> playing = new AtomicReference<>(exchanges.getFirst());
        ConcurrentMap<String, String> received = new ConcurrentHashMap<>();
        Random random = new Random(7);
        try (AcceptanceRig rig =
                        new AcceptanceRig((socket, source) ->
                                replay(socket, source, playing, received, chunked ? random : null));
                Socket client = rig.connect()) {
            Source answers = AcceptanceRig.source(client);
            for (JsonNode exchange : exchanges) {
                playing.set(exchange);
                String path = exchange.get("path").asText();
                String method = exchange.get("method").asText();
                AcceptanceRig.send(client, method, path, exchange.get("request").asText());
                AcceptanceRig.Reply reply = AcceptanceRig.receive(answers, method);
                String id = exchange.get("id").asText();
                assertEquals(exchange.get("status").asInt(), reply.status(), id);
                assertEquals(exchange.get("contentType").asText(), reply.fields().first("Content-Type").orElse(""), id);
                assertEquals(exchange.get("response").asText(), reply.content(), id);
                assertTrue(reply.whole(), id);
                assertEquals(exchange.get("request").asText(), received.get("content"), id);
                assertEquals(method + " " + path, received.get("line"), id);
            }
        }
    }

    private static void replay(
            Socket socket,
            Source source,
            AtomicReference<JsonNode> playing,
            ConcurrentMap<String, String> received,
            @org.jspecify.annotations.Nullable Random chunks)
            throws IOException {
        while (true) {
            var head = Http1.readRequest(source, AcceptanceRig.LIMITS);
            if (head.isEmpty()) return;
            byte[] content =
                    Http1.body(source, head.get().framing(), AcceptanceRig.LIMITS, Long.MAX_VALUE).readAllBytes();
            received.put("content", new String(content, StandardCharsets.UTF_8));
            received.put("line", head.get().method() + " " + head.get().target());
            JsonNode exchange = Objects.requireNonNull(playing.get());
            byte[] body = exchange.get("response").asText().getBytes(StandardCharsets.UTF_8);
            String type = exchange.get("contentType").asText();
            String start =
                    "HTTP/1.1 "
                            + exchange.get("status").asInt()
                            + " Recorded\r\n"
                            + (type.isEmpty() ? "" : "Content-Type: " + type + "\r\n");
            OutputStream out = socket.getOutputStream();
            if (chunks == null) {
                String length = "Content-Length: " + body.length + "\r\n\r\n";
                out.write((start + length).getBytes(StandardCharsets.UTF_8));
                out.write(body);
            } else {
                out.write((start + "Transfer-Encoding: chunked\r\n\r\n").getBytes(StandardCharsets.UTF_8));
                for (int from = 0; from < body.length; ) {
                    int to = Math.min(body.length, from + 1 + chunks.nextInt(200));
                    out.write(Http1.chunkLine(to - from));
                    out.write(Arrays.copyOfRange(body, from, to));
                    out.write("\r\n".getBytes(StandardCharsets.ISO_8859_1));
                    from = to;
                }
                out.write(Http1.lastChunk());
            }
        }
    }

    private static List<JsonNode> exchanges() throws IOException {
        ObjectMapper json = new ObjectMapper();
        List<JsonNode> exchanges = new ArrayList<>();
        try (InputStream in =
                Objects.requireNonNull(RecordedTrafficTest.class.getResourceAsStream("/corpus/exchanges.jsonl"))) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1)) {
                if (!line.isEmpty()) exchanges.add(json.readTree(line));
            }
        }
        return exchanges;
    }
}
