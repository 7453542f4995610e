package dev.martlet.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.martlet.Fields;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;

class CorsTest {
    @Test
    void preflightSaysTheNamesThatAreAskedFor() {
        assertEquals("*", allowedHeaders(Optional.empty()));
        assertEquals("authorization, x-api-key", allowedHeaders(Optional.of("authorization, x-api-key")));
        assertEquals("authorization,content-type", allowedHeaders(Optional.of("authorization,content-type")));
        assertEquals("*", allowedHeaders(Optional.of("a b")));
        assertEquals("*", allowedHeaders(Optional.of("")));
        assertEquals("*", allowedHeaders(Optional.of("a,".repeat(100) + "a")));
    }

    private static String allowedHeaders(Optional<String> askedFor) {
        return Cors.preflight(askedFor).first("Access-Control-Allow-Headers").orElse("");
    }

    private static final List<String> SOME = List.of("https://a.example", "https://b.example");

    @Test
    void anyOriginIsAnsweredWithAnAsterisk() {
        Fields fields = Cors.answer(List.of("*"), Optional.of("https://x.example"));
        assertEquals(Optional.of("*"), fields.first("Access-Control-Allow-Origin"));
        assertFalse(fields.has("Vary"));
    }

    @Test
    void aKnownOriginIsNamed() {
        Fields fields = Cors.answer(SOME, Optional.of("https://b.example"));
        assertEquals(Optional.of("https://b.example"), fields.first("Access-Control-Allow-Origin"));
        assertEquals(Optional.of("Origin"), fields.first("Vary"));
    }

    @Test
    void anUnknownOriginGetsNoLeave() {
        for (String origin : List.of("https://a.example.evil", "http://a.example", "null", "https://A.example", "")) {
            Fields fields = Cors.answer(SOME, Optional.of(origin));
            assertFalse(fields.has("Access-Control-Allow-Origin"), origin);
            assertEquals(Optional.of("Origin"), fields.first("Vary"));
        }
        assertFalse(Cors.answer(SOME, Optional.empty()).has("Access-Control-Allow-Origin"));
    }

    @Test
    void neverWithCredentials() {
        assertFalse(
                Cors.answer(List.of("*"), Optional.of("https://a.example")).has("Access-Control-Allow-Credentials"));
        assertFalse(Cors.answer(SOME, Optional.of("https://a.example")).has("Access-Control-Allow-Credentials"));
        assertFalse(Cors.preflight(Optional.empty()).has("Access-Control-Allow-Credentials"));
    }
}
