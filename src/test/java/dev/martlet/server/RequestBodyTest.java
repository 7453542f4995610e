package dev.martlet.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.martlet.Departure;
import dev.martlet.wire.Http1;
import dev.martlet.wire.Http1.Framing;
import dev.martlet.wire.Source;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

class RequestBodyTest {
    private static final Http1.Limits LIMITS = new Http1.Limits(1 << 10, 10, 1 << 10, Long.MAX_VALUE);

    private final List<String> events = new ArrayList<>();

    @Test
    @DisplayName("says what is here already: chunks that come together need not leave one by one")
    void saysWhatIsHere() {
        RequestBody body = body("1\r\na\r\n1\r\nb\r\n0\r\n\r\n");
        byte[] into = new byte[16];
        assertEquals(1, body.read(into, 0, into.length));
        assertTrue(body.available() > 0);
        assertEquals(1, body.read(into, 0, into.length));
        assertEquals(0, body.available());
        assertEquals(-1, body.read(into, 0, into.length));
        assertEquals("first", events.getFirst());
        assertTrue(events.contains("last"));
    }

    private RequestBody body(String bytes) {
        InputStream in = new ByteArrayInputStream(bytes.getBytes(StandardCharsets.ISO_8859_1));
        return new RequestBody(
                Http1.body(new Source(in::read), new Framing.Chunked(), LIMITS, Long.MAX_VALUE),
                Long.MAX_VALUE,
                () -> Departure.LEFT,
                () -> events.add("first"),
                () -> events.add("last"));
    }
}
