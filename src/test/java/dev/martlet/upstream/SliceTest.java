package dev.martlet.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

class SliceTest {
    @Test
    @DisplayName("what comes byte by byte and is there leaves in one write")
    void trickleThatIsThereLeavesAtOnce() throws IOException {
        assertEquals(List.of("5\r\nhello\r\n"), writes(true, trickle("hello", true)));
        assertEquals(List.of("hello"), writes(false, trickle("hello", true)));
        String much = "x".repeat(Sending.SLICE_BYTES + 1);
        assertEquals(List.of("4000\r\n" + much.substring(1) + "\r\n", "1\r\nx\r\n"), writes(true, trickle(much, true)));
    }

    @Test
    @DisplayName("nothing waits for what is not there yet")
    void whatIsNotThereIsNotWaitedFor() throws IOException {
        assertEquals(List.of("1\r\nh\r\n", "1\r\ni\r\n"), writes(true, trickle("hi", false)));
    }

    @Test
    void theEndIsTheEnd() throws IOException {
        Slice slice = new Slice(true);
        InputStream content = trickle("a", true);
        assertTrue(slice.fill(content));
        assertFalse(slice.fill(content));
    }

    private static List<String> writes(boolean chunked, InputStream content) throws IOException {
        Slice slice = new Slice(chunked);
        List<String> writes = new ArrayList<>();
        while (slice.fill(content)) {
            slice.push(
                    (bytes, from, length) -> writes.add(new String(bytes, from, length, StandardCharsets.ISO_8859_1)));
        }
        return writes;
    }

    /// Gives a byte a read, as chunks of one byte do.
    private static InputStream trickle(String text, boolean tellsWhatIsThere) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1)) {
            @Override
            public synchronized int read(byte[] into, int from, int length) {
                return super.read(into, from, Math.min(1, length));
            }

            @Override
            public synchronized int available() {
                return tellsWhatIsThere ? super.available() : 0;
            }
        };
    }
}
