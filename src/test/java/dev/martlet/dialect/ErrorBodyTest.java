package dev.martlet.dialect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.martlet.Cause;
import dev.martlet.Refusal;
import dev.martlet.Signal;
import dev.martlet.Tried;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

@DisplayName("A refusal of the OpenAI dialect")
class ErrorBodyTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    static Stream<Arguments> refusals() {
        return Stream.of(
                Arguments.of(
                        new Refusal.BadRequest("duplicate_key", "m", Optional.of("model")),
                        "invalid_request_error duplicate_key model"),
                Arguments.of(
                        new Refusal.BadRequest("invalid_json", "m", Optional.empty()),
                        "invalid_request_error invalid_json null"),
                Arguments.of(new Refusal.ModelNotFound("x"), "invalid_request_error model_not_found model"),
                Arguments.of(new Refusal.EncodingUnsupported(), "invalid_request_error unsupported_encoding null"),
                Arguments.of(new Refusal.BodyTooSlow(), "invalid_request_error request_timeout null"),
                Arguments.of(new Refusal.BodyTooLarge(1), "invalid_request_error body_too_large null"),
                Arguments.of(new Refusal.ClientKeyRequired(), "authentication_error invalid_api_key null"),
                Arguments.of(new Refusal.ProviderKeyRequired(), "authentication_error invalid_api_key null"),
                Arguments.of(new Refusal.ForOperators(), "permission_error for_operators null"),
                Arguments.of(
                        new Refusal.TooManyRequests(Duration.ofSeconds(1), "server.per-address"),
                        "rate_limit_error rate_limit_exceeded null"),
                Arguments.of(new Refusal.Overloaded(), "server_error overloaded null"),
                Arguments.of(new Refusal.Unforeseen(), "server_error unforeseen null"),
                Arguments.of(failed(true, new Signal.Busy()), "rate_limit_error rate_limit_exceeded null"),
                Arguments.of(failed(false, new Signal.Nonsense(Cause.HTML)), "server_error upstream_bad_content null"),
                Arguments.of(failed(false, new Signal.Broken(Cause.RESET)), "server_error upstream_no_response null"),
                Arguments.of(failed(false, new Signal.Failed(503)), "server_error upstream_failed null"),
                Arguments.of(failed(false, new Signal.KeyRefused(401)), "server_error upstream_failed null"),
                Arguments.of(
                        failed(false, new Signal.Unreachable(Cause.DNS)), "server_error upstream_unavailable null"),
                Arguments.of(
                        new Refusal.ChannelsFailed(List.of(), List.of(), false, Optional.empty()),
                        "server_error upstream_unavailable null"));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    @DisplayName("is an error as OpenAI's SDKs know it, and always has a code")
    void isAnErrorObject(Refusal refusal, String expected) throws IOException {
        JsonNode body = JSON.readTree(ErrorBody.of(refusal, "req-1"));
        JsonNode error = body.path("error");
        assertEquals(1, body.size());
        assertEquals(
                expected,
                error.path("type").asText() + " " + error.path("code").asText() + " " + error.path("param").asText());
        assertEquals(refusal.message(), error.path("message").asText());
        assertEquals("req-1", error.path("request_id").asText());
    }

    @Test
    void hasItsFieldsInTheOrderOfOpenAi() {
        assertEquals(
                "{\"error\":{\"message\":\"a"
                    + " \\\"b\\\"\",\"type\":\"invalid_request_error\",\"param\":null,\"code\":\"c\",\"request_id\":\"r\"}}",
                new String(ErrorBody.of(new Refusal.BadRequest("c", "a \"b\"", Optional.empty()), "r"), UTF_8));
    }

    @Test
    @DisplayName("is the last event of a stream that went wrong, without [DONE] (U-27)")
    void isAnEvent() {
        Refusal refusal = failed(false, new Signal.Broken(Cause.CLOSED));
        String event = new String(ErrorBody.event(refusal, "r"), UTF_8);
        assertEquals("data: " + new String(ErrorBody.of(refusal, "r"), UTF_8) + "\n\n", event);
        assertFalse(event.contains("[DONE]"));
    }

    private static Refusal failed(boolean throttled, Signal last) {
        List<Tried> trail = List.of(new Tried("a", new Signal.Failed(500), 1), new Tried("b", last, 1));
        return new Refusal.ChannelsFailed(trail, List.of(), throttled, Optional.empty());
    }
}
