package dev.martlet.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.martlet.Field;
import dev.martlet.Fields;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeadersTest {
    @ParameterizedTest
    @DisplayName("F-17 hop-by-hop lines stay here, in any case")
    @ValueSource(
            strings = {
                "Connection",
                "KEEP-ALIVE",
                "te",
                "Trailer",
                "Transfer-Encoding",
                "Upgrade",
                "Proxy-Authorization",
                "proxy-authenticate",
                "Proxy-Connection",
                "HTTP2-Settings",
                "Content-Length"
            })
    void dropsHopByHopLines(String name) {
        Fields fields = Fields.of("A", "1", name, "x", "B", "2");
        assertEquals("[A, B]", Headers.endToEnd(fields).toString());
    }

    @Test
    @DisplayName("F-17 lines that Connection names stay here, whichever line of it names them")
    void dropsLinesThatConnectionNames() {
        Fields fields =
                Fields.of("Connection", "close, X-A", "x-a", "1", "X-B", "2", "connection", ",X-B ,", "X-C", "3");
        assertEquals("[X-C]", Headers.endToEnd(fields).toString());
    }

    @Test
    void keepsEndToEndLinesAsTheyAre() {
        Fields fields = Fields.of("Cookie", "a=1", "cookie", "b=2", "X-Te", "1", "Upgrade-Insecure-Requests", "1");
        assertSame(fields, Headers.endToEnd(fields));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sk-mt-abc",
                "Bearer sk-mt-abc",
                "bearer  sk-mt-",
                "a=1; key=sk-mt-x",
                "\"sk-mt-x\"",
                "ask-mt- sk-mt-x"
            })
    void knowsAClientKey(String value) {
        assertTrue(Headers.holdsClientKey(value));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "sk-abc", "sk-mt", "Bearer sk-proj-mt-1", "task-mt-1", "SK"})
    void knowsWhatIsNoClientKey(String value) {
        assertFalse(Headers.holdsClientKey(value));
    }

    @Test
    void knowsCorsLines() {
        assertTrue(Headers.isCors(new Field("ACCESS-control-Allow-Origin", "*")));
        assertFalse(Headers.isCors(new Field("X-Access-Control-Allow-Origin", "*")));
        assertFalse(Headers.isCors(new Field("Accept", "*")));
    }
}
