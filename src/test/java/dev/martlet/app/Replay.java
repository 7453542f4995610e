package dev.martlet.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;

import dev.martlet.Fields;
import dev.martlet.app.FakeProvider.Peer;
import dev.martlet.app.FakeProvider.Request;
import dev.martlet.wire.Http1.RequestHead;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;

/// A provider that answers as it was recorded, byte for byte.
///
/// Which recording that is tells the caller's key, where it ends with the recording's id (a translated question is no longer
/// the one that was recorded); else the question itself: method, path and body, however its JSON is written.
final class Replay implements FakeProvider.Script {
    /// Members in order: so the same JSON is the same text.
    private static final ObjectMapper SORTED =
            JsonMapper.builder().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).build();

    private final Map<String, RecordedExchange> byId = new HashMap<>();
    private final Map<String, Deque<RecordedExchange>> byQuestion = new ConcurrentHashMap<>();
    private final boolean inPieces;

    /// @param inPieces whether answers are cut anywhere, where the key does not say
    Replay(List<RecordedExchange> exchanges, boolean inPieces) {
        this.inPieces = inPieces;
        for (RecordedExchange one : exchanges) {
            byId.put(one.id(), one);
            byQuestion
                    .computeIfAbsent(question(one.method(), one.path(), one.request()), _ -> new ArrayDeque<>())
                    .add(one);
        }
    }

    /// An upstream for load runs: `Replay PORT [FILE]`, on loopback, until its input ends.
    public static void main(String[] arguments) throws IOException {
        int port = Integer.parseInt(arguments[0]);
        List<RecordedExchange> exchanges =
                arguments.length > 1 ? RecordedExchange.all(Path.of(arguments[1])) : RecordedExchange.all();
        ServerSocket listener = new ServerSocket(port, FakeProvider.BACKLOG, InetAddress.getLoopbackAddress());
        try (FakeProvider provider = new FakeProvider(listener, new Replay(exchanges, false))) {
            System.out.println(exchanges.size() + " recordings on port " + provider.port());
            while (System.in.read() >= 0) {}
        }
    }

    @Override
    public void play(Peer peer) throws IOException {
        for (Optional<Request> next = peer.next(); next.isPresent(); next = peer.next()) answer(peer, next.get());
    }

    /// Answers one request.
    void answer(Peer peer, Request request) throws IOException {
        // sk-fake-recorded-whole-ID
        String[] key = key(request.head().fields()).split("-", 5);
        Optional<RecordedExchange> meant = key.length == 5 ? Optional.ofNullable(byId.get(key[4])) : Optional.empty();
        if (meant.isPresent()) {
            RecordedExchange exchange = key[2].equals("named") ? meant.get().named() : meant.get();
            play(peer, exchange, key[3].equals("pieces"));
            return;
        }
        Optional<RecordedExchange> asked = asked(request);
        if (asked.isPresent()) play(peer, asked.get(), inPieces);
        else peer.send(ChannelStage.json(404, "{\"error\":{\"message\":\"this was never recorded\",\"code\":404}}"));
    }

    private static void play(Peer peer, RecordedExchange exchange, boolean inPieces) throws IOException {
        if (inPieces) exchange.playInChunks(peer, new Random());
        else exchange.playWhole(peer);
    }

    /// Where the SDKs put it.
    private static String key(Fields fields) {
        return fields.first("Authorization")
                .or(() -> fields.first("x-api-key"))
                .or(() -> fields.first("x-goog-api-key"))
                .orElse("");
    }

    /// Of the recordings of one question the one that was played longest ago.
    private Optional<RecordedExchange> asked(Request request) {
        RequestHead head = request.head();
        Deque<RecordedExchange> recordings = byQuestion.get(question(head.method(), head.target(), request.body()));
        if (recordings == null) return Optional.empty();
        synchronized (recordings) {
            RecordedExchange next = recordings.removeFirst();
            recordings.addLast(next);
            return Optional.of(next);
        }
    }

    private static String question(String method, String target, String body) {
        return method + " " + target + " " + canonical(body);
    }

    private static String canonical(String body) {
        try {
            JsonNode json = SORTED.readTree(body.getBytes(StandardCharsets.UTF_8));
            return SORTED.writeValueAsString(SORTED.treeToValue(json, Object.class));
        } catch (JsonProcessingException e) {
            return body;
        } catch (IOException e) {
            throw new IllegalStateException("bytes are read", e);
        }
    }
}
