package dev.martlet.app;

import static dev.martlet.app.ChannelStage.CHAT;
import static dev.martlet.app.ChannelStage.CONTENT;
import static dev.martlet.app.ChannelStage.END;
import static dev.martlet.app.ChannelStage.GOOD;
import static dev.martlet.app.ChannelStage.channel;
import static dev.martlet.app.ChannelStage.code;
import static dev.martlet.app.ChannelStage.head;
import static dev.martlet.app.ChannelStage.json;
import static dev.martlet.app.ChannelStage.message;
import static dev.martlet.app.ChannelStage.post;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.martlet.app.FakeProvider.Request;
import dev.martlet.app.RawClient.Answer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/// Hostile callers of models (the rows C of the catalogue of faults), on raw sockets.
@Timeout(60)
class ChannelFaultsOfCallersTest {
    private final ChannelStage stage = new ChannelStage();

    @AfterEach
    void closes() throws Exception {
        stage.close();
    }

    @Test
    @DisplayName("C-7 a body that is packed is not unpacked: 415, and nobody is asked")
    void packedBody() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            for (int i = 0; i < 64; i++) gzip.write(new byte[1 << 20]);
        }
        int port = stage.alone(json(200, GOOD));
        try (RawClient client = new RawClient(port)) {
            client.send(head("/v1/chat/completions", packed.size(), "Content-Encoding: gzip"));
            client.send(packed.toByteArray());
            Answer answer = client.read();
            assertEquals(415, answer.status());
            assertEquals("unsupported_encoding", code(answer));
        }
        assertEquals(List.of(), stage.requests());
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
        assertRefused("invalid_json", body);
    }

    private void assertRefused(String code, String body) throws IOException {
        Answer answer = post(stage.alone(json(200, GOOD)), body);
        assertEquals(400, answer.status());
        assertEquals(code, code(answer));
        assertFalse(answer.body().contains("secret-word"), answer::body);
        assertEquals(List.of(), stage.requests());
    }

    @Test
    @DisplayName("C-10 what is valid passes byte by byte, escapes too")
    void passesEscapes() {
        String body =
                "{\"model\" : \"m\",\n"
                        + " \"messages\":[{\"content\":\"\\u0041\\ud83d\\ude00\\u0000\\/\"}], \"x\":1.0e+2}";
        assertEquals(200, post(stage.alone(json(200, GOOD)), body).status());
        assertEquals(body, stage.requests().getFirst().body());
    }

    @Test
    @DisplayName("C-11 depth without end is refused, and huge numbers and names harm nobody")
    void deepAndHuge() throws IOException {
        int port = stage.alone(json(200, GOOD));
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
        assertRefused("duplicate_key", body);
    }

    @ParameterizedTest(name = "C-13 stream: {0}")
    @CsvSource({"'\"true\"',400", "1,400", "'[]',400", "null,200", "false,200", "true,200"})
    void streamIsABoolean(String value, int status) {
        String type = value.equals("true") ? "text/event-stream" : "application/json";
        String body = value.equals("true") ? CONTENT + END : GOOD;
        Answer answer =
                post(
                        stage.alone(message("200 OK", type, body)),
                        "{\"model\":\"m\",\"stream\":" + value + ",\"messages\":[]}");
        assertEquals(status, answer.status());
        if (status == 200) assertEquals(type, answer.fields().first("Content-Type").orElse(""));
    }

    @Test
    @DisplayName("C-14 no field of the body chooses the target or the credential")
    void bodyChoosesNothing() throws IOException {
        FakeProvider elsewhere = stage.provider(json(200, GOOD));
        String url = "http://127.0.0.1:" + elsewhere.port() + "/v1";
        String fields =
                """
                "api_base":"%s","base_url":"%s","custom_host":"%s","api_key":"sk-fake-mine","litellm_params":\
                {"api_base":"%s"},"extra_headers":{"Authorization":"Bearer sk-fake-mine","Host":"evil"},"organization":"x\"\
                """
                        .formatted(url, url, url, url);
        int port = stage.alone(json(200, GOOD));
        assertEquals(200, post(port, "{\"model\":\"m\"," + fields + ",\"metadata\":{" + fields + "}}").status());
        assertEquals(0, elsewhere.connections());
        assertEquals(List.of("Bearer sk-fake-1"), stage.requests().getFirst().head().fields().all("Authorization"));
        assertFalse(stage.requests().getFirst().head().fields().first("Host").orElse("").contains("evil"));
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
        String open = "server: {host: 127.0.0.1, port: 0}\nclients: {required: never}\n";
        int port = stage.gateway(open, Map.of(), channel("one", 1, stage.provider(json(200, GOOD)))).port();
        assertEquals(200, post(port, CHAT, fields).status());
        Request request = stage.requests().getFirst();
        assertEquals(List.of("Bearer sk-fake-1"), request.head().fields().all("Authorization"));
        request.head().fields().forEach(field -> assertFalse(field.value().contains("callers"), field::toString));
    }

    @ParameterizedTest(name = "A-6 a key in {0} goes nowhere")
    @ValueSource(strings = {"x-api-key", "api-key", "x-goog-api-key"})
    void keysInOtherFields(String name) {
        assertEquals(200, post(stage.alone(json(200, GOOD)), CHAT, name + ": sk-fake-callers").status());
        Request request = stage.requests().getFirst();
        request.head().fields().forEach(field -> assertFalse(field.value().contains("callers"), field::toString));
    }
}
