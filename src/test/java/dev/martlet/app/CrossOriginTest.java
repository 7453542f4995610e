package dev.martlet.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.martlet.app.RawClient.Answer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.OutputStream;
import java.util.Map;
import java.util.Optional;

/// Browsers of other origins: what they may read, and what they may not.
@Timeout(60)
class CrossOriginTest {
    private static final String GENEROUS =
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nAccess-Control-Allow-Origin: https://evil.example\r\n"
                    + "Access-Control-Allow-Credentials: true\r\nAccess-Control-Expose-Headers: x-secret\r\n\r\n{}";

    private final FakeProvider provider = FakeProvider.answering(GENEROUS);

    @AfterEach
    void closes() {
        provider.close();
    }

    @ParameterizedTest
    @DisplayName("A-17 any origin: an asterisk, never credentials, and nothing of what the service says about it")
    @ValueSource(strings = {"https://evil.example", "null", "https://a.example", "garbage"})
    void anyOrigin(String origin) {
        Answer answer = ask("['*']", "GET /v1/models HTTP/1.1\r\nHost: a\r\nOrigin: " + origin + "\r\n\r\n");
        assertEquals(200, answer.status());
        assertEquals(Optional.of("*"), answer.fields().first("Access-Control-Allow-Origin"));
        assertEquals(1, answer.fields().all("Access-Control-Allow-Origin").size());
        assertHarmless(answer);
    }

    @ParameterizedTest
    @DisplayName("A-17 a list of origins: those in it are named, no other gets leave")
    @CsvSource({
        "https://a.example, true",
        "https://evil.example, false",
        "null, false",
        "https://a.example.evil, false",
        "http://a.example, false"
    })
    void someOrigins(String origin, boolean known) {
        Answer answer =
                ask("['https://a.example']", "GET /v1/models HTTP/1.1\r\nHost: a\r\nOrigin: " + origin + "\r\n\r\n");
        assertEquals(200, answer.status());
        assertEquals(
                known ? Optional.of(origin) : Optional.empty(), answer.fields().first("Access-Control-Allow-Origin"));
        assertEquals(Optional.of("Origin"), answer.fields().first("Vary"));
        assertHarmless(answer);
    }

    @ParameterizedTest
    @DisplayName("A-17 a preflight is answered here, without a key, whatever it asks for")
    @ValueSource(strings = {"https://evil.example", "null"})
    void preflight(String origin) {
        String bytes =
                "OPTIONS /v1/chat/completions HTTP/1.1\r\nHost: a\r\nOrigin: "
                        + origin
                        + "\r\nAccess-Control-Request-Method: POST\r\n"
                        + "Access-Control-Request-Headers: authorization, x-api-key\r\n\r\n";
        Answer answer = ask("['*']", bytes);
        assertEquals(204, answer.status());
        assertEquals(Optional.of("*"), answer.fields().first("Access-Control-Allow-Origin"));
        assertEquals(Optional.of("authorization, x-api-key"), answer.fields().first("Access-Control-Allow-Headers"));
        assertHarmless(answer);
        assertEquals(0, provider.connections(), "nobody is asked");
        Answer narrow = ask("['https://a.example']", bytes);
        assertEquals(204, narrow.status());
        assertFalse(narrow.fields().has("Access-Control-Allow-Origin"), narrow::head);
        assertEquals(0, provider.connections(), "nobody is asked");
    }

    @Test
    @DisplayName("A-17 a refusal can be read from any origin, too, and without credentials")
    void refusals() {
        for (String path : new String[] {"/admin", "/x/../y", "/metrics"}) {
            String bytes = "GET " + path + " HTTP/1.1\r\nHost: a\r\nOrigin: https://evil.example\r\n\r\n";
            Answer answer = ask("['*']", bytes);
            assertTrue(answer.status() >= 400, answer::head);
            assertEquals(Optional.of("*"), answer.fields().first("Access-Control-Allow-Origin"));
            assertHarmless(answer);
        }
    }

    @Test
    @DisplayName("A-17 no configuration allows credentials: a key that would is refused at the start")
    void noCredentialsByConfiguration() {
        AssertionError refused = assertThrows(AssertionError.class, () -> ask("['*'], credentials: true", ""));
        assertTrue(String.valueOf(refused.getMessage()).contains("credentials"), refused::toString);
    }

    private static void assertHarmless(Answer answer) {
        assertFalse(answer.fields().has("Access-Control-Allow-Credentials"), answer::head);
        assertFalse(answer.head().contains("x-secret"), answer::head);
    }

    /// @param origins as in `server.cors.origins`
    private Answer ask(String origins, String bytes) {
        String service = "'http://127.0.0.1:" + provider.port() + "'";
        String yaml =
                "server: {host: 127.0.0.1, port: 0, cors: {origins: "
                        + origins
                        + "}}\n"
                        + ("transparent: {services: [" + service + ", " + service + "]}");
        try (Gateway gateway = YamlGateway.startWhole(yaml, Map.of(), OutputStream.nullOutputStream())) {
            return RawClient.ask(gateway.port(), bytes);
        }
    }
}
