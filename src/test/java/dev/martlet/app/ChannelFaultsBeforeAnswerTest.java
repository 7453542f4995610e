package dev.martlet.app;

import static dev.martlet.app.ChannelStage.CHAT;
import static dev.martlet.app.ChannelStage.GOOD;
import static dev.martlet.app.ChannelStage.channel;
import static dev.martlet.app.ChannelStage.code;
import static dev.martlet.app.ChannelStage.head;
import static dev.martlet.app.ChannelStage.json;
import static dev.martlet.app.ChannelStage.message;
import static dev.martlet.app.ChannelStage.post;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.martlet.app.FakeProvider.Request;
import dev.martlet.app.RawClient.Answer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/// Providers of models that cannot be reached, that say no, or that are lost before an answer: who is asked next, and what
/// the caller is told.
@Timeout(60)
class ChannelFaultsBeforeAnswerTest {
    private final ChannelStage stage = new ChannelStage();

    @AfterEach
    void closes() throws Exception {
        stage.close();
    }

    @Test
    @DisplayName("U-3 a name that nobody has is passed over")
    void unknownName() {
        String nowhere = "  - {name: nowhere, url: \"http://martlet.invalid:1/v1\", keys: [sk-fake-9]}\n";
        String good = channel("good", 1, stage.provider(json(200, GOOD)));
        Answer answer = post(stage.gateway(nowhere + good).port(), CHAT);
        assertEquals(200, answer.status());
        assertEquals("good", answer.fields().first("x-martlet-channel").orElse(""));
        assertEquals("2", answer.fields().first("x-martlet-attempts").orElse(""));
    }

    @Test
    @DisplayName("U-15 a channel for which no time is left is not asked, and not blamed")
    void nobodyIsBlamedForTheTimeThatOthersTook() {
        FakeProvider silent =
                stage.playing(peer -> {
                    peer.next();
                    peer.next(); // until the gateway has had enough
                });
        FakeProvider good = stage.provider(json(200, GOOD));
        String total = "timeouts: {total: 1s}";
        Gateway gateway =
                stage.gateway(
                        "routing: {breaker: {failures: 1}}\n",
                        Map.of(),
                        channel("silent", 1, silent, total),
                        channel("good", 2, good, total));
        assertEquals(502, post(gateway.port(), CHAT).status());
        assertEquals(0, good.connections());
        assertEquals(200, post(gateway.port(), CHAT).status());
    }

    @ParameterizedTest(name = "U-6 lost after it was sent: {0} is asked {1} times")
    @CsvSource({"/v1/chat/completions,2", "/v1/embeddings,2", "/v1/images/generations,1", "/v1/audio/speech,1"})
    void losesAfterSent(String path, int times) {
        FakeProvider.Script loses =
                peer -> {
                    peer.next().ifPresent(stage.requests()::add);
                    peer.reset();
                };
        Gateway gateway =
                stage.gateway(
                        channel("one", 1, stage.playing(loses)),
                        channel("two", 2, stage.playing(loses)),
                        channel("three", 3, stage.playing(loses)));
        Answer answer = RawClient.ask(gateway.port(), head(path, CHAT.length()) + CHAT);
        assertEquals(502, answer.status());
        assertEquals(times, stage.requests().size());
    }

    @Test
    @DisplayName(
            "U-42, A-7 on failover each provider gets its own key, model, path and Host, and nothing of the other's")
    void failoverMixesNothing() {
        FakeProvider one = stage.provider(message("503 Down", "application/json", "{}", "Set-Cookie: a=b"));
        FakeProvider two = stage.provider(json(200, GOOD));
        String yaml =
                """
                channels:
                  - {name: one, url: "http://127.0.0.1:%d/one/v9", keys: [sk-fake-one], models: ["m: model-one"],\
                 headers: {x-team: one}}
                  - {name: two, url: "http://127.0.0.1:%d/two/v8", keys: [sk-fake-two], models: ["m: model-two"],\
                 auth: x-api-key, priority: 1}
                """
                        .formatted(one.port(), two.port());
        int port = stage.gateway(yaml, Map.of()).port();
        assertEquals(200, post(port, CHAT, "Authorization: Bearer sk-fake-callers").status());
        Request tried = stage.requests().getFirst();
        Request answered = stage.requests().getLast();
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

    @ParameterizedTest(name = "U-11 {0} is told once, and nobody else is asked")
    @ValueSource(ints = {400, 409, 413, 422})
    void tellsOtherRefusals(int status) throws IOException {
        FakeProvider refuses = stage.provider(json(status, "{\"error\":{\"code\":\"x\"}}"));
        FakeProvider other = stage.provider(json(200, GOOD));
        Answer answer = post(stage.gateway(channel("one", 1, refuses), channel("two", 2, other)).port(), CHAT);
        assertEquals(status, answer.status());
        assertEquals("x", code(answer));
        assertEquals(1, stage.requests().size());
        assertEquals(0, other.connections());
    }

    @ParameterizedTest(name = "U-11 {0} about our key is not the client's")
    @ValueSource(ints = {401, 403})
    void keepsWordsAboutOurKey(int status) {
        Answer answer = post(stage.alone(json(status, "{\"error\":{\"message\":\"secret-word\"}}")), CHAT);
        assertEquals(502, answer.status());
        assertFalse(answer.body().contains("secret-word"), answer::body);
    }

    @ParameterizedTest(name = "U-35, A-9 {0} is not followed")
    @ValueSource(ints = {301, 302, 307, 308})
    void redirects(int status) {
        FakeProvider evil = stage.provider(json(200, GOOD));
        String there = "Location: http://127.0.0.1:" + evil.port() + "/v1/chat/completions";
        Answer answer = post(stage.alone(message(status + " Moved", "application/json", "{}", there)), CHAT);
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
        Answer answer = post(stage.alone(bytes), CHAT);
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
                stage.provider(
                        request -> isPoor(request) ? message(status, "application/json", body) : json(200, GOOD));
        String yaml = "channels: [{name: one, keys: [sk-fake-poor, sk-fake-rich], url: \"http://127.0.0.1:%d/v1\"}]";
        int port = stage.gateway(yaml.replace("%d", Integer.toString(provider.port())), Map.of()).port();
        for (int i = 0; i < 5; i++) assertEquals(200, post(port, CHAT).status());
        assertEquals(1, stage.requests().stream().filter(ChannelFaultsBeforeAnswerTest::isPoor).count());
    }

    private static boolean isPoor(Request request) {
        return request.head().fields().all("Authorization").contains("Bearer sk-fake-poor");
    }
}
