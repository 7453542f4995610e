package dev.martlet.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.martlet.app.FakeProvider.Request;
import dev.martlet.app.RawClient.Answer;
import dev.martlet.wire.Http1;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.GZIPOutputStream;

/// Hostile clients and hostile providers of calls that are routed by model, on raw sockets.
@Timeout(60)
class ChannelFaultsTest {
    private static final String GOOD =
            """
            {"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"hi"},"finish_reason":"stop"}]}\
            """;

    private static final String CHAT = "{\"model\":\"m\",\"messages\":[]}";
    private static final String STREAM = "{\"model\":\"m\",\"stream\":true,\"messages\":[]}";
    private static final String CONTENT = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"hi\"}}]}\n\n";
    private static final String END = "data: [DONE]\n\n";

    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final List<AutoCloseable> open = new ArrayList<>();
    private final List<Request> first = new CopyOnWriteArrayList<>();
    private final List<Request> second = new CopyOnWriteArrayList<>();

    @AfterEach
    void closes() throws Exception {
        for (AutoCloseable one : open.reversed()) one.close();
    }

    @Test
    @DisplayName("C-7 a body that is packed is not unpacked: 415, and nobody is asked")
    void packedBody() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            for (int i = 0; i < 64; i++) gzip.write(new byte[1 << 20]);
        }
        int port = alone(message(GOOD));
        try (RawClient client = new RawClient(port)) {
            client.send(head(packed.size(), "Content-Encoding: gzip"));
            client.send(packed.toByteArray());
            Answer answer = client.read();
            assertEquals(415, answer.status());
            assertEquals("unsupported_encoding", code(answer));
        }
        assertEquals(List.of(), first);
    }

    @ParameterizedTest(name = "C-10 {0}")
    @ValueSource(
            strings = {
                "secret-word",
                "",
                "[\"secret-word\"]",
                "{\"model\":\"m\",\"secret-word\"}",
                "{\"model\":\"m\"}secret-word",
                "{\"model\":\"m\",\"a\":\"secret-word\u0000\"}"
            })
    void refusesWhatIsNoJsonObject(String body) throws IOException {
        Answer answer = post(alone(message(GOOD)), body);
        assertEquals(400, answer.status());
        assertEquals("invalid_json", code(answer));
        assertFalse(answer.body().contains("secret-word"), answer::body);
        assertEquals(List.of(), first);
    }

    @Test
    @DisplayName("C-10 what is valid passes byte by byte, escapes too")
    void passesEscapes() {
        String body =
                "{\"model\" : \"m\",\n"
                        + " \"messages\":[{\"content\":\"\\u0041\\ud83d\\ude00\\u0000\\/\"}], \"x\":1.0e+2}";
        assertEquals(200, post(alone(message(GOOD)), body).status());
        assertEquals(body, first.getFirst().body());
    }

    @Test
    @DisplayName("C-11 depth without end is refused, and huge numbers and names harm nobody")
    void deepAndHuge() throws IOException {
        int port = alone(message(GOOD));
        Answer deep = post(port, "{\"model\":\"m\",\"a\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}");
        assertEquals(400, deep.status());
        assertEquals("invalid_json", code(deep));
        for (String value : List.of("9".repeat(100_000), "1e999999")) {
            int status = post(port, "{\"model\":\"m\",\"seed\":" + value + "}").status();
            assertTrue(status == 200 || status == 400, () -> value.length() + ": " + status);
        }
        int named = post(port, "{\"model\":\"m\",\"" + "k".repeat(60_000) + "\":1}").status();
        assertTrue(named == 200 || named == 400, () -> "a long name: " + named);
    }

    @ParameterizedTest(name = "C-12 {0}")
    @ValueSource(
            strings = {
                "{\"model\":\"m\",\"model\":\"other\"}",
                "{\"model\":\"m\",\"mod\\u0065l\":\"other\"}",
                "{\"model\":\"m\",\"stream\":false,\"stream\":true}",
                "{\"model\":\"m\",\"stream\":true,\"stream_options\":{\"include_usage\":true,\"include_usage\":false}}"
            })
    void refusesTwoOfAName(String body) throws IOException {
        Answer answer = post(alone(message(GOOD)), body);
        assertEquals(400, answer.status());
        assertEquals("duplicate_key", code(answer));
        assertEquals(List.of(), first);
    }

    @ParameterizedTest(name = "C-13 stream: {0}")
    @CsvSource({"'\"true\"',400", "1,400", "'[]',400", "null,200", "false,200", "true,200"})
    void streamIsABoolean(String value, int status) {
        String type = value.equals("true") ? "text/event-stream" : "application/json";
        String body = value.equals("true") ? CONTENT + END : GOOD;
        Answer answer =
                post(
                        alone(message("200 OK", type, body)),
                        "{\"model\":\"m\",\"stream\":" + value + ",\"messages\":[]}");
        assertEquals(status, answer.status());
        if (status == 200) assertEquals(type, answer.fields().first("Content-Type").orElse(""));
    }

    @Test
    @DisplayName("C-14 no field of the body chooses the target or the credential")
    void bodyChoosesNothing() throws IOException {
        FakeProvider elsewhere = provider(second, message(GOOD));
        String url = "http://127.0.0.1:" + elsewhere.port() + "/v1";
        String fields =
                """
                "api_base":"%s","base_url":"%s","custom_host":"%s","api_key":"sk-fake-mine","litellm_params":\
                {"api_base":"%s"},"extra_headers":{"Authorization":"Bearer sk-fake-mine","Host":"evil"},"organization":"x\"\
                """
                        .formatted(url, url, url, url);
        int port = alone(message(GOOD));
        assertEquals(200, post(port, "{\"model\":\"m\"," + fields + ",\"metadata\":{" + fields + "}}").status());
        assertEquals(0, elsewhere.connections());
        assertEquals(List.of("Bearer sk-fake-1"), first.getFirst().head().fields().all("Authorization"));
        assertFalse(first.getFirst().head().fields().first("Host").orElse("").contains("evil"));
    }

    @Test
    @DisplayName("C-15, A-6 of the caller's fields only the allowed ones go up, and our credential once")
    void fieldsUp() {
        String[] fields = {
            "Authorization: Bearer sk-fake-callers",
            "Cookie: session=callers",
            "Proxy-Authorization: Basic callers",
            "X-Forwarded-For: callers",
            "X-Forwarded-Host: callers",
            "Forwarded: for=callers",
            "Via: callers",
            "X-Real-IP: callers",
            "X-Original-URL: /callers",
            "X-Rewrite-URL: /callers",
            "x-portkey-custom-host: http://callers",
            "x-upstream-url: http://callers",
            "X-HI-ORIGINAL-AUTH: callers",
            "OpenAI-Organization: callers",
            "OpenAI-Project: callers",
            "Connection: close, x-request-id, content-type",
            "x-martlet-key: sk-mt-callers",
            "X-Any: callers",
            "Origin: http://callers",
            "Referer: http://callers"
        };
        int port =
                gateway(
                        "server: {host: 127.0.0.1, port: 0}\nclients: {required: never}\n",
                        channel("one", 1, provider(first, message(GOOD))));
        assertEquals(200, post(port, CHAT, fields).status());
        Request request = first.getFirst();
        assertEquals(List.of("Bearer sk-fake-1"), request.head().fields().all("Authorization"));
        request.head().fields().forEach(field -> assertFalse(field.value().contains("callers"), field::toString));
    }

    @ParameterizedTest(name = "A-6 a key in {0} goes nowhere")
    @ValueSource(strings = {"x-api-key", "api-key", "x-goog-api-key"})
    void keysInOtherFields(String name) {
        assertEquals(200, post(alone(message(GOOD)), CHAT, name + ": sk-fake-callers").status());
        Request request = first.getFirst();
        request.head().fields().forEach(field -> assertFalse(field.value().contains("callers"), field::toString));
    }

    @Test
    @DisplayName(
            "U-42, A-7 on failover each provider gets its own key, model, path and Host, and nothing of the other's")
    void failoverMixesNothing() {
        FakeProvider one = provider(first, message("503 Down", "application/json", "{}", "Set-Cookie: a=b"));
        FakeProvider two = provider(second, message(GOOD));
        String yaml =
                """
                channels:
                  - {name: one, url: "http://127.0.0.1:%d/one/v9", keys: [sk-fake-one], models: ["m: model-one"],\
                 headers: {x-team: one}}
                  - {name: two, url: "http://127.0.0.1:%d/two/v8", keys: [sk-fake-two], models: ["m: model-two"],\
                 auth: x-api-key, priority: 1}
                """
                        .formatted(one.port(), two.port());
        assertEquals(200, post(start(yaml), CHAT, "Authorization: Bearer sk-fake-callers").status());
        Request tried = first.getFirst();
        Request answered = second.getFirst();
        assertEquals("/one/v9/chat/completions", tried.head().target());
        assertEquals("127.0.0.1:" + one.port(), tried.head().fields().first("Host").orElse(""));
        assertEquals("/two/v8/chat/completions", answered.head().target());
        assertEquals("127.0.0.1:" + two.port(), answered.head().fields().first("Host").orElse(""));
        assertEquals(CHAT.replace("\"m\"", "\"model-two\""), answered.body());
        assertEquals(List.of("sk-fake-two"), answered.head().fields().all("x-api-key"));
        assertFalse(answered.head().fields().has("Authorization"));
        assertFalse(answered.head().fields().has("x-team"));
        String all = answered.head() + answered.body();
        assertFalse(all.contains("sk-fake-one") || all.contains("model-one") || all.contains("callers"), all);
    }

    @Test
    @DisplayName("U-26 of a provider's fields only the allowed ones come down")
    void fieldsDown() {
        String bytes =
                message(
                        "200 OK",
                        "application/json",
                        GOOD,
                        "Set-Cookie: a=b",
                        "Access-Control-Allow-Origin: http://evil",
                        "Server: evil",
                        "x-goog-api-key: sk-fake-1",
                        "Authorization: Bearer sk-fake-1",
                        "WWW-Authenticate: evil",
                        "Strict-Transport-Security: max-age=1",
                        "Location: http://evil",
                        "Alt-Svc: evil",
                        "Refresh: 0; url=http://evil",
                        "retry-after: sk-fake-1",
                        "x-ratelimit-remaining-requests: 9",
                        "x-request-id: theirs");
        Answer answer = post(alone(bytes), CHAT);
        assertEquals(200, answer.status());
        assertFalse(answer.head().contains("evil") || answer.head().contains("sk-fake"), answer::head);
        for (String name : List.of("Set-Cookie", "Server", "Location", "Refresh", "WWW-Authenticate", "Retry-After")) {
            assertFalse(answer.fields().has(name), name);
        }
        assertEquals("9", answer.fields().first("x-ratelimit-remaining-requests").orElse(""));
        assertEquals("theirs", answer.fields().first("x-upstream-request-id").orElse(""));
    }

    @ParameterizedTest(name = "U-31 {0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "an empty body|application/json|''",
                "an empty object|application/json|{}",
                "an error|application/json|{\"error\":{\"message\":\"secret-word\"}}",
                "a page|text/html|<!DOCTYPE html><html>secret-word</html>",
                "a page that says it is JSON|application/json|<html>secret-word</html>",
                "text|text/plain|secret-word",
                "half of it|application/json|{\"choices\":[{\"secret-word\":"
            })
    void isNoAnswer(String what, String type, String body) {
        FakeProvider bad = provider(first, message("200 OK", type, body));
        Answer answer = post(start("channels:\n" + channel("one", 1, bad)), CHAT);
        assertEquals(502, answer.status(), what);
        assertFalse(answer.body().contains("secret-word"), answer::body);
        assertTrue(answer.fields().first("Content-Type").orElse("").startsWith("application/json"), what);
        Answer failedOver =
                post(
                        start(
                                "channels:\n"
                                        + channel("one", 1, bad)
                                        + channel("two", 2, provider(second, message(GOOD)))),
                        CHAT);
        assertEquals(200, failedOver.status(), what);
        assertEquals(GOOD, failedOver.body());
    }

    @Test
    @DisplayName("U-14 an answer without a length that ends amid its JSON is not one")
    void cutWithoutALength() {
        String half = message("200 OK", "application/json", "{\"choices\":[{");
        FakeProvider bad =
                new FakeProvider(peer -> {
                    peer.request();
                    peer.send(half.replaceFirst("Content-Length: \\d+", "Connection: close"));
                });
        open.add(bad);
        Answer answer = post(start("channels:\n" + channel("one", 1, bad)), CHAT);
        assertEquals(502, answer.status());
        assertTrue(answer.complete());
    }

    @ParameterizedTest(name = "U-33 {0}")
    @CsvSource(
            delimiter = '|',
            value = {"JSON for a stream|true", "a stream for JSON|false"})
    void theOtherKindOfAnswer(String what, boolean stream) {
        String events = message("200 OK", "text/event-stream", CONTENT + END);
        FakeProvider other = provider(first, stream ? message(GOOD) : events);
        FakeProvider asked = provider(second, stream ? events : message(GOOD));
        Answer alone = post(start("channels:\n" + channel("one", 1, other)), stream ? STREAM : CHAT);
        assertEquals(502, alone.status(), what);
        int both = start("channels:\n" + channel("one", 1, other) + channel("two", 2, asked));
        assertEquals(stream ? CONTENT + END : GOOD, post(both, stream ? STREAM : CHAT).body());
    }

    @ParameterizedTest(name = "U-29 line ends {0}")
    @ValueSource(strings = {"LF", "CRLF", "CR"})
    void everyByteForItself(String end) {
        String line = end.replace("CR", "\r").replace("LF", "\n");
        List<String> lines =
                List.of(
                        ": a comment",
                        "",
                        "event: x",
                        "data:{\"choices\":[{\"index\":0,\"delta\":",
                        "data: {\"content\":\"hi\"}}]}",
                        "",
                        "data: [DONE]",
                        "",
                        "");
        String events = String.join(line, lines);
        FakeProvider slicer =
                new FakeProvider(peer -> {
                    peer.request();
                    peer.send(
                            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
                    peer.send("3\r\n\u00ef\u00bb\u00bf\r\n");
                    for (char one : events.toCharArray()) peer.send("1\r\n" + one + "\r\n");
                    peer.send(Http1.lastChunk());
                });
        open.add(slicer);
        Answer answer = post(start("channels:\n" + channel("one", 1, slicer)), STREAM);
        assertTrue(answer.complete(), answer::body);
        assertEquals(events, answer.body().replace("\ufeff", ""));
    }

    @Test
    @DisplayName("U-29 an event without end is cut, and not kept")
    void endlessEvent() {
        FakeProvider endless =
                new FakeProvider(peer -> {
                    peer.request();
                    peer.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\ndata: ");
                    byte[] part = "x".repeat(64 << 10).getBytes(StandardCharsets.US_ASCII);
                    for (int i = 0; i < 1024; i++) peer.send(part);
                });
        open.add(endless);
        Answer answer = post(start("channels:\n" + channel("one", 1, endless)), STREAM);
        assertFalse(answer.status() == 200 && answer.complete(), () -> "whole, with " + answer.body().length());
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {"U-17 silence amid a stream|idle|false", "U-18 a stream without end|stream|true"})
    void cutsInTime(String what, String limit, boolean endless) {
        FakeProvider provider =
                new FakeProvider(peer -> {
                    peer.request();
                    peer.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n");
                    peer.send(CONTENT);
                    if (!endless) peer.awaitClose();
                    for (int i = 0; i < 1000; i++) {
                        peer.send(CONTENT);
                        LockSupport.parkNanos(20_000_000);
                    }
                });
        open.add(provider);
        String channel = channel("one", 1, provider).replace("}", ", timeouts: {" + limit + ": 1s}}");
        Answer answer = post(start("channels:\n" + channel), STREAM);
        assertFalse(answer.complete(), what);
        assertTrue(answer.body().startsWith(CONTENT), what);
        assertTrue(answer.body().contains("data: {\"error\":"), answer::body);
        assertFalse(answer.body().contains("[DONE]"), what);
    }

    @Test
    @DisplayName("U-3 a name that nobody has is passed over")
    void unknownName() {
        String nowhere = "  - {name: nowhere, url: \"http://martlet.invalid:1/v1\", keys: [sk-fake-9]}\n";
        String good = channel("good", 1, provider(first, message(GOOD)));
        Answer answer = post(start("channels:\n" + nowhere + good), CHAT);
        assertEquals(200, answer.status());
        assertEquals("good", answer.fields().first("x-martlet-channel").orElse(""));
        assertEquals("2", answer.fields().first("x-martlet-attempts").orElse(""));
    }

    @ParameterizedTest(name = "U-34 a packed answer passes with its field, {0}")
    @ValueSource(strings = {"gzip", "br", "zstd"})
    void packedAnswer(String coding) {
        Answer answer =
                post(
                        alone(
                                message(
                                        "200 OK",
                                        "application/json",
                                        "\u001f\u008bpacked",
                                        "Content-Encoding: " + coding)),
                        CHAT);
        boolean passed = answer.status() == 200 && answer.fields().first("Content-Encoding").orElse("").equals(coding);
        assertTrue(passed || answer.status() == 502, answer::head);
    }

    @ParameterizedTest(name = "U-35, A-9 {0} is not followed")
    @ValueSource(ints = {301, 302, 307, 308})
    void redirects(int status) {
        FakeProvider evil = provider(second, message(GOOD));
        String there = "Location: http://127.0.0.1:" + evil.port() + "/v1/chat/completions";
        Answer answer = post(alone(message(status + " Moved", "application/json", "{}", there)), CHAT);
        assertEquals(502, answer.status());
        assertFalse(answer.fields().has("Location"));
        assertEquals(0, evil.connections());
    }

    @ParameterizedTest(name = "U-36 Retry-After: {0} is {1} s")
    @CsvSource({"30,30", "0,1", "0.2,1", "-5,1", "99999,300", "soon,30", "'',30"})
    void waits(String said, String seconds) {
        String bytes =
                said.isEmpty()
                        ? message("429 Slow", "application/json", "{}")
                        : message("429 Slow", "application/json", "{}", "Retry-After: " + said);
        Answer answer = post(alone(bytes), CHAT);
        assertEquals(429, answer.status());
        assertEquals(seconds, answer.fields().first("Retry-After").orElse(""));
    }

    @ParameterizedTest(name = "U-37 {0} parks the key, and the next one answers")
    @CsvSource(
            delimiter = '|',
            value = {
                "402 Pay|{\"error\":{\"message\":\"pay\"}}",
                "429 Slow|{\"error\":{\"code\":\"insufficient_quota\",\"message\":\"You exceeded your current quota\"}}"
            })
    void moneyGone(String status, String body) {
        FakeProvider provider =
                new FakeProvider(peer -> {
                    for (Optional<Request> next = peer.next(); next.isPresent(); next = peer.next()) {
                        first.add(next.get());
                        boolean poor = next.get().head().fields().all("Authorization").contains("Bearer sk-fake-poor");
                        peer.send(poor ? message(status, "application/json", body) : message(GOOD));
                    }
                });
        open.add(provider);
        String yaml = "channels: [{name: one, keys: [sk-fake-poor, sk-fake-rich], url: \"http://127.0.0.1:%d/v1\"}]";
        int port = start(yaml.replace("%d", Integer.toString(provider.port())));
        for (int i = 0; i < 5; i++) assertEquals(200, post(port, CHAT).status());
        long poor =
                first.stream()
                        .filter(one -> one.head().fields().all("Authorization").contains("Bearer sk-fake-poor"))
                        .count();
        assertEquals(1, poor);
    }

    @ParameterizedTest(name = "U-11 {0} is told once, and nobody else is asked")
    @ValueSource(ints = {400, 409, 413, 422})
    void tellsOtherRefusals(int status) throws IOException {
        FakeProvider refuses =
                provider(first, message(status + " No", "application/json", "{\"error\":{\"code\":\"x\"}}"));
        String yaml = "channels:\n" + channel("one", 1, refuses) + channel("two", 2, provider(second, message(GOOD)));
        Answer answer = post(start(yaml), CHAT);
        assertEquals(status, answer.status());
        assertEquals("x", code(answer));
        assertEquals(1, first.size());
        assertEquals(List.of(), second);
    }

    @ParameterizedTest(name = "U-11 {0} about our key is not the client's")
    @ValueSource(ints = {401, 403})
    void keepsWordsAboutOurKey(int status) {
        FakeProvider refuses =
                provider(
                        first,
                        message(status + " No", "application/json", "{\"error\":{\"message\":\"secret-word\"}}"));
        Answer answer = post(start("channels:\n" + channel("one", 1, refuses)), CHAT);
        assertEquals(502, answer.status());
        assertFalse(answer.body().contains("secret-word"), answer::body);
    }

    @ParameterizedTest(name = "U-6 lost after it was sent: {0} is asked {1} times")
    @CsvSource({"/v1/chat/completions,2", "/v1/embeddings,2", "/v1/images/generations,1", "/v1/audio/speech,1"})
    void losesAfterSent(String path, int times) {
        FakeProvider.Script loses =
                peer -> {
                    peer.next().ifPresent(first::add);
                    peer.reset();
                };
        FakeProvider one = new FakeProvider(loses);
        FakeProvider two = new FakeProvider(loses);
        FakeProvider three = new FakeProvider(loses);
        open.addAll(List.of(one, two, three));
        int port = start("channels:\n" + channel("one", 1, one) + channel("two", 2, two) + channel("three", 3, three));
        Answer answer = RawClient.ask(port, head(path, CHAT.length()) + CHAT);
        assertEquals(502, answer.status());
        assertEquals(times, first.size());
    }

    @ParameterizedTest(name = "S-9 usage {0}")
    @ValueSource(
            strings = {
                "{}",
                "null",
                "[]",
                "\"7\"",
                "{\"prompt_tokens\":-1,\"completion_tokens\":-9223372036854775808}",
                "{\"prompt_tokens\":1e400,\"completion_tokens\":99999999999999999999999}",
                "{\"prompt_tokens\":\"7\",\"completion_tokens\":{}}"
            })
    void oddUsage(String usage) {
        String body = GOOD.replaceFirst("}$", ",\"usage\":" + usage + "}");
        int port = alone(message(body));
        assertEquals(body, post(port, CHAT).body());
        String metrics = RawClient.ask(port, "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n").body();
        assertFalse(metrics.matches("(?s).*\n[a-z_]*token[^\n]* -.*"), metrics);
    }

    private int alone(String bytes) {
        return start("channels:\n" + channel("one", 1, provider(first, bytes)));
    }

    private int start(String yaml) {
        Gateway gateway = YamlGateway.start(yaml, Map.of(), log);
        open.add(gateway);
        return gateway.port();
    }

    private int gateway(String begin, String channels) {
        Gateway gateway = YamlGateway.startWhole(begin + "channels:\n" + channels, Map.of(), log);
        open.add(gateway);
        return gateway.port();
    }

    /// @param number of its priority and its key
    private static String channel(String name, int number, FakeProvider provider) {
        return "  - {name: %s, url: \"http://127.0.0.1:%d/v1\", keys: [sk-fake-%d], priority: %d}\n"
                .formatted(name, provider.port(), number, number);
    }

    private FakeProvider provider(List<Request> seen, String bytes) {
        FakeProvider provider =
                new FakeProvider(peer -> {
                    for (Optional<Request> next = peer.next(); next.isPresent(); next = peer.next()) {
                        seen.add(next.get());
                        peer.send(bytes);
                    }
                });
        open.add(provider);
        return provider;
    }

    private static String message(String body) {
        return message("200 OK", "application/json", body);
    }

    private static String message(String status, String type, String body, String... fields) {
        StringBuilder head = new StringBuilder("HTTP/1.1 " + status + "\r\nContent-Type: " + type + "\r\n");
        for (String field : fields) head.append(field).append("\r\n");
        return head.append("Content-Length: ").append(body.length()).append("\r\n\r\n").append(body).toString();
    }

    private static Answer post(int port, String body, String... fields) {
        return RawClient.ask(port, head(body.length(), fields) + body);
    }

    private static String head(int length, String... fields) {
        return head("/v1/chat/completions", length, fields);
    }

    private static String head(String path, int length, String... fields) {
        StringBuilder head = new StringBuilder("POST " + path + " HTTP/1.1\r\nHost: localhost\r\n");
        for (String field : fields) head.append(field).append("\r\n");
        return head.append("Content-Type: application/json\r\nContent-Length: ")
                .append(length)
                .append("\r\n\r\n")
                .toString();
    }

    private static String code(Answer answer) throws IOException {
        JsonNode body = new ObjectMapper().readTree(answer.body());
        return body.at("/error/code").asText();
    }
}
