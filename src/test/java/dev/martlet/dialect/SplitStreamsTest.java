package dev.martlet.dialect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.martlet.Dialect;
import dev.martlet.wire.SseEvent;
import dev.martlet.wire.SseReader;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/// Where the network cuts a stream says nothing: small ones are cut at every byte, large ones at many.
@DisplayName("Streams, cut anywhere")
class SplitStreamsTest {
    private static final int SMALL_BYTES = 3 << 10;
    private static final int CUTS = 200;
    private static final Heading HEADING = new Heading("0", 0, "m", true);

    @ParameterizedTest
    @EnumSource(names = {"OPENAI", "ANTHROPIC", "GEMINI"})
    @DisplayName("become the same events in another dialect")
    void becomeTheSame(Dialect own) throws IOException, Garbled {
        List<Exchange> streams =
                Exchange.chats().stream().filter(one -> one.dialect() == own && one.streams()).toList();
        assertTrue(streams.size() >= 5, streams.size() + " streams");
        for (Exchange stream : streams) {
            for (Dialect other : Checks.DIALECTS) {
                if (other != own) assertSame(stream, Translation.between(other, own));
            }
        }
    }

    private static void assertSame(Exchange stream, Translation way) throws IOException, Garbled {
        byte[] bytes = stream.bytes();
        String uncut = read(bytes, bytes.length, bytes.length, way);
        for (int cut : cuts(bytes.length))
            assertEquals(uncut, read(bytes, cut, bytes.length, way), () -> stream.id() + " cut at " + cut);
        assertEquals(uncut, read(bytes, 0, 1, way), () -> stream.id() + " byte by byte");
    }

    private static int[] cuts(int length) {
        return length <= SMALL_BYTES
                ? IntStream.range(0, length).toArray()
                : new Random(length).ints(CUTS, 0, length).toArray();
    }

    /// The stream that goes out, or how far it came.
    ///
    /// @param first how many bytes come at first
    /// @param then  how many come at once after them
    private static String read(byte[] bytes, int first, int then, Translation way) throws IOException {
        int[] at = {0};
        SseReader reader =
                new SseReader((into, from, length) -> {
                    int size = Math.min(at[0] < first ? first - at[0] : then, Math.min(length, bytes.length - at[0]));
                    if (at[0] == bytes.length) return -1;
                    System.arraycopy(bytes, at[0], into, from, size);
                    at[0] += size;
                    return size;
                });
        StreamTranslation translation = way.stream(HEADING);
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        try {
            for (Optional<SseEvent> event = reader.next(); event.isPresent(); event = reader.next()) {
                translation.next(event.get()).forEach(written::writeBytes);
            }
            translation.end().forEach(written::writeBytes);
        } catch (Garbled garbled) {
            return written.toString(UTF_8) + garbled.getMessage();
        }
        return written.toString(UTF_8);
    }
}
