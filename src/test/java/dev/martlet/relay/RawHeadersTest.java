package dev.martlet.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.martlet.Body;
import dev.martlet.Call;
import dev.martlet.Field;
import dev.martlet.Fields;
import dev.martlet.Surface;
import dev.martlet.Target;
import dev.martlet.Timeouts;
import dev.martlet.Trust;
import dev.martlet.wire.Http1.Framing;
import dev.martlet.wire.Http1.ResponseHead;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

class RawHeadersTest {
    private static final Field OUR_ID = new Field("x-request-id", "id-1");

    @Test
    void whatIsEndToEndGoesUpInItsOrder() {
        assertEquals(
                List.of(
                        new Field("cookie", "a=1"),
                        new Field("Authorization", "Bearer sk-proj-1"),
                        new Field("Cookie", "b=2"),
                        new Field("traceparent", "00-1"),
                        OUR_ID),
                up("cookie", "a=1", "Authorization", "Bearer sk-proj-1", "Cookie", "b=2", "traceparent", "00-1"));
    }

    @ParameterizedTest
    @DisplayName("F-17 lines that stay here")
    @CsvSource({
        "HOST, a",
        "Expect, 100-continue",
        "X-Request-Id, theirs",
        "X-Martlet-Channel, x",
        "x-martlet-, x",
        "Authorization, sk-mt-abc",
        "authorization, Bearer sk-mt-abc",
        "x-api-key, sk-mt-abc",
        "X-Anything, a sk-mt-abc",
        "Connection, close",
        "Transfer-Encoding, chunked",
        "Content-Length, 5",
        "Proxy-Authorization, x",
        "Upgrade, h2c"
    })
    void dropsWhatStaysHere(String name, String value) {
        assertEquals(List.of(new Field("A", "1"), OUR_ID), up("A", "1", name, value));
    }

    @Test
    void thePagesOriginBecomesTheTargets() {
        assertEquals(
                List.of(
                        new Field("ORIGIN", "https://up.example:8443"),
                        new Field("referer", "https://up.example:8443/"),
                        OUR_ID),
                up("ORIGIN", "https://page.example", "referer", "https://page.example/secret?x"));
    }

    @Test
    void connectionCannotNameOurRequestIdAway() {
        assertEquals(List.of(OUR_ID), up("Connection", "x-request-id"));
    }

    @Test
    void theAnswersLinesComeBackWithoutCorsAndWithItsIdRenamed() {
        Fields answer =
                Fields.of(
                        "Server",
                        "x",
                        "Set-Cookie",
                        "a=1",
                        "Access-Control-Allow-Origin",
                        "*",
                        "X-Request-ID",
                        "theirs",
                        "Connection",
                        "close, x-b",
                        "X-B",
                        "1",
                        "Keep-Alive",
                        "timeout=5",
                        "Content-Length",
                        "5",
                        "Set-Cookie",
                        "b=2");
        List<Field> kept =
                List.of(
                        new Field("Server", "x"),
                        new Field("Set-Cookie", "a=1"),
                        new Field("x-upstream-request-id", "theirs"),
                        new Field("Set-Cookie", "b=2"));
        assertEquals(kept, list(RawHeaders.toClient(head(200, answer), new Framing.Length(5))));
        List<Field> withLength = new ArrayList<>(kept);
        withLength.add(new Field("Content-Length", "5"));
        assertEquals(withLength, list(RawHeaders.toClient(head(200, answer), new Framing.None())));
        assertEquals(withLength, list(RawHeaders.toClient(head(304, answer), new Framing.None())));
        assertEquals(kept, list(RawHeaders.toClient(head(204, answer), new Framing.None())), "RFC 9110, section 8.6");
    }

    private static ResponseHead head(int status, Fields fields) {
        return new ResponseHead(1, status, "", fields);
    }

    @ParameterizedTest
    @CsvSource({
        "/v1?a=1&b=2, /v1?a=1&b=2",
        "/v1, /v1",
        "/v1?, /v1?",
        "/v1?&&a=%zz&, /v1?&&a=%zz&",
        "/v1?a=%2F&b=+, /v1?a=%2F&b=+",
        "/v1?key=AIza&a=1, /v1?key=AIza&a=1",
        "/v1?key=sk-mt-abc, /v1?",
        "/v1?a=1&key=sk-mt-abc&b=2, /v1?a=1&b=2",
        "/v1?key=sk%2Dmt%2Dabc&a=%20, /v1?a=%20",
        "/v1?key=%73k-mt-abc&a=1, /v1?a=1",
        "/v1?sk-mt-abc, /v1?"
    })
    void aClientKeyInTheQueryStaysHere(String target, String sent) {
        assertEquals(sent, RawHeaders.target(target));
    }

    private static List<Field> up(String... namesAndValues) {
        Fields fields = Fields.of(namesAndValues);
        Call call = new Call("id-1", Surface.TRANSPARENT, "GET", "/", fields, "192.0.2.7", new Body.None(), 0);
        Duration second = Duration.ofSeconds(1);
        Timeouts timeouts = new Timeouts(second, second, second, second);
        Target target = new Target(true, "up.example", 8443, "/base", Trust.PUBLIC, Optional.empty(), timeouts);
        return list(RawHeaders.toUpstream(call, target));
    }

    private static List<Field> list(Fields fields) {
        List<Field> list = new ArrayList<>();
        fields.forEach(list::add);
        return list;
    }
}
