package dev.martlet.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

@DisplayName("The reader of event streams")
class SseReaderTest {
    private static final int MIB = 1 << 20;

    /// Each stream (CR as `\r`, LF as `\n`, the mark as `^`), and its events as `name=data`, with `!` when one has no end.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "data: a\\n\\ndata: b\\n\\n|=a;=b",
                "data: a\\r\\n\\r\\ndata: b\\r\\n\\r\\n|=a;=b",
                "data: a\\r\\rdata: b\\r\\r|=a;=b",
                "data: a\\n\\r\\ndata: b\\r\\n\\n|=a;=b",
                "data:a\\n\\n|=a",
                "data:  a\\n\\n|= a",
                "data\\n\\n|=",
                "data:\\n\\n|=",
                "data: a\\ndata: b\\n\\n|=a/b",
                "data: a\\ndata:\\ndata: b\\ndata\\n\\n|=a//b/",
                "data\\ndata: b\\n\\n|=/b",
                "event: e\\ndata: a\\n\\n|e=a",
                "data: a\\nevent:e\\n\\n|e=a",
                "event: e\\n\\n|e=",
                "event: e\\nevent: f\\n\\n|f=",
                ": hello\\n\\ndata: a\\n\\n|=;=a",
                ": hello\\ndata: a\\n\\n|=a",
                "id: 1\\nretry: 5\\nunknown: x\\ndatas: x\\n data: x\\ndata: a\\n\\n|=a",
                "^data: a\\n\\n^data: b\\n\\n|=a;=",
                "\\n\\ndata: a\\n\\n\\n\\ndata: b\\n\\n|=a;=b",
                "data: a|=a!",
                "data: a\\n|=a!",
                "data: a\\n\\ndata: {\"b|=a;={\"b!",
                "data: a\\n\\n\\n|=a;=",
                "data: a\\r\\n\\r|=a",
                "``|``",
                "data: a: b\\n\\n|=a: b",
                "data: é漢😀\\n\\n|=é漢😀"
            })
    void understandsEveryWayToWriteAnEvent(String written, String expected) throws IOException {
        byte[] stream = written.replace("\\r", "\r").replace("\\n", "\n").replace("^", "\uFEFF").getBytes(UTF_8);
        assertEquals(expected, said(all(stream, stream.length)));
        // In any chunking the same, but that a lone LF behind the last CR is a piece of its own.
        for (int size = 1; size < 8; size++) assertSame(stream, expected, all(stream, size));
        for (int seed = 0; seed < 20; seed++) assertSame(stream, expected, all(stream, -seed - 1));
    }

    private static void assertSame(byte[] stream, String expected, List<SseEvent> events) {
        String said = said(events);
        if (!said.equals(expected)) assertEquals(expected + ";=", said);
        assertArrayEquals(stream, raw(events));
    }

    @Test
    @DisplayName("gives an event as soon as its end is here, also when a CR may be half of it")
    void doesNotWaitForMoreThanTheEnd() throws IOException {
        for (String end : List.of("\n\n", "\r\r", "\r\n\r")) {
            byte[] stream = ("data: a" + end).getBytes(UTF_8);
            boolean[] given = {false};
            SseReader reader =
                    new SseReader((into, from, length) -> {
                        if (given[0]) throw new SocketTimeoutException();
                        given[0] = true;
                        System.arraycopy(stream, 0, into, from, stream.length);
                        return stream.length;
                    });
            assertEquals("=a", said(List.of(reader.next().orElseThrow())));
            assertTrue(reader.betweenEvents());
        }
    }

    @Test
    void keepsTheHalfOfAnEventThatAFailureInterrupts() throws IOException {
        byte[] stream = "data: a\n\ndata: {\"b\": \"\u00e9".getBytes(UTF_8);
        InputStream in = new ByteArrayInputStream(stream);
        SseReader reader =
                new SseReader((into, from, length) -> {
                    int count = in.read(into, from, length);
                    if (count < 0) throw new IOException("reset");
                    return count;
                });
        assertTrue(reader.next().orElseThrow().says("a"));
        assertFalse(reader.betweenEvents());
        assertThrows(IOException.class, reader::next);
        assertEquals("data: {\"b\": \"\u00e9", new String(reader.rest(), UTF_8));
    }

    @Test
    @DisplayName("passes what is too large in pieces, and reads on behind it (U-29)")
    void passesTooLargeEvents() throws IOException {
        byte[] large = ("event: big\ndata: {\"type\":\"x\",\"a\":\"" + "y".repeat(5 * MIB) + "\"}\n\n").getBytes(UTF_8);
        byte[] stream = join("data: a\n\n".getBytes(UTF_8), large, "data: b\n\n".getBytes(UTF_8));
        for (int size : new int[] {1000, 4096, 3 * MIB}) {
            List<SseEvent> events = all(stream, size);
            assertArrayEquals(stream, raw(events));
            List<SseEvent> pieces = events.stream().filter(SseEvent::piece).toList();
            assertEquals("big", pieces.getFirst().name());
            assertTrue(data(pieces.getFirst()).startsWith("{\"type\":\"x\""));
            assertTrue(pieces.stream().skip(1).allMatch(piece -> piece.data().length() == 0 && piece.name().isEmpty()));
            assertTrue(pieces.getLast().ended());
            assertTrue(pieces.stream().limit(pieces.size() - 1).noneMatch(SseEvent::ended));
            assertTrue(pieces.stream().allMatch(piece -> piece.raw().length <= MIB));
            assertEquals("=a", said(List.of(events.getFirst())));
            assertEquals("=b", said(List.of(events.getLast())));
        }
    }

    @Test
    @DisplayName(
            "holds a bounded part of a stream that never ends an event, and of one that has nothing but line ends"
                    + " (U-29)")
    void holdsABoundedPart() throws IOException {
        for (String line : List.of("data: x\n", "\n", "\r", ":\n")) {
            byte[] pattern = line.repeat(1024).getBytes(UTF_8);
            long[] left = {64L * MIB};
            SseReader reader =
                    new SseReader((into, from, length) -> {
                        int count = (int) Math.min(Math.min(length, pattern.length), left[0]);
                        System.arraycopy(pattern, 0, into, from, count);
                        left[0] -= count;
                        return count == 0 ? -1 : count;
                    });
            long seen = 0;
            for (Optional<SseEvent> event = reader.next(); event.isPresent(); event = reader.next()) {
                assertTrue(event.get().raw().length <= MIB);
                seen += event.get().raw().length;
            }
            assertEquals(64L * MIB, seen, line);
        }
    }

    @Test
    void joinsManyLinesInTimeThatGrowsWithThem() throws IOException {
        byte[] stream = ("data\n".repeat(200_000) + "\n").getBytes(UTF_8);
        SseEvent event = all(stream, stream.length).getFirst();
        assertEquals(199_999, event.data().length());
    }

    @Test
    void replacesAPartOfTheData() throws IOException {
        SseEvent event = all(": c\r\nevent: e\r\ndata: {\"m\":\"x\"}\r\nid: 1\r\n\r\n".getBytes(UTF_8), 99).getFirst();
        int at = event.data().from() + 5;
        assertEquals(
                ": c\r\nevent: e\r\ndata: {\"m\":\"longer\"}\r\nid: 1\r\n\r\n",
                new String(event.replaced(new Span(at, at + 3), "\"longer\"".getBytes(UTF_8)), UTF_8));
        SseEvent lines = all("event: e\ndata: {\ndata: \"m\":\"x\"}\n\n".getBytes(UTF_8), 5).getFirst();
        int inSecond = lines.data().from() + 6;
        assertEquals(
                "event: e\ndata: {\ndata: \"m\":\"y\"}\n\n",
                new String(lines.replaced(new Span(inSecond, inSecond + 3), "\"y\"".getBytes(UTF_8)), UTF_8));
    }

    @Test
    void writesEventsThatItUnderstands() throws IOException {
        byte[] stream =
                join(
                        SseEvent.of("", "one".getBytes(UTF_8)),
                        SseEvent.comment("ping"),
                        SseEvent.of("error", "two\nlines\n".getBytes(UTF_8)));
        assertEquals(
                "data: one\n\n: ping\n\nevent: error\ndata: two\ndata: lines\ndata: \n\n", new String(stream, UTF_8));
        assertEquals("=one;=;error=two/lines/", said(all(stream, 3)));
    }

    private static String said(List<SseEvent> events) {
        List<String> said = new ArrayList<>();
        for (SseEvent event : events) {
            said.add(event.name() + "=" + data(event).replace('\n', '/') + (event.ended() ? "" : "!"));
        }
        return String.join(";", said);
    }

    private static String data(SseEvent event) {
        return new String(event.content(), event.data().from(), event.data().length(), UTF_8);
    }

    private static byte[] raw(List<SseEvent> events) {
        return join(events.stream().map(SseEvent::raw).toArray(byte[][]::new));
    }

    @Test
    @DisplayName("what is held of a large event counts; where there is no room for it, it passes unread")
    void largeEventsTakeMemory() throws IOException {
        byte[] large = ("data: " + "x".repeat(40_000) + "\n\n").getBytes(UTF_8);
        byte[] small = "data: y\n\n".getBytes(UTF_8);
        for (int bytesMax : new int[] {1 << 20, 30_000}) {
            ByteBudget budget = new ByteBudget(bytesMax);
            InputStream in = new ByteArrayInputStream(join(small, large, small));
            ByteArrayOutputStream passed = new ByteArrayOutputStream();
            List<SseEvent> events = new ArrayList<>();
            SseReader reader = new SseReader((into, from, length) -> in.read(into, from, 1), budget.lease());
            for (Optional<SseEvent> event = reader.next(); event.isPresent(); event = reader.next()) {
                events.add(event.get());
                passed.writeBytes(event.get().raw());
            }
            boolean room = bytesMax == 1 << 20;
            assertEquals(room, events.get(1).data().length() == 40_000);
            assertEquals(room, !events.get(1).piece());
            assertTrue(events.getLast().says("y"));
            assertArrayEquals(join(small, large, small), passed.toByteArray());
            assertEquals(0, budget.leased(), "nothing is kept between events");
        }
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) all.writeBytes(part);
        return all.toByteArray();
    }

    /// @param size of the chunks in bytes; a negative one is the seed for chunks of any size
    private static List<SseEvent> all(byte[] stream, int size) throws IOException {
        InputStream in = new ByteArrayInputStream(stream);
        Random random = new Random(size);
        SseReader reader =
                new SseReader((into, from, length) ->
                        in.read(into, from, Math.min(length, size > 0 ? size : 1 + random.nextInt(9))));
        List<SseEvent> events = new ArrayList<>();
        for (Optional<SseEvent> event = reader.next(); event.isPresent(); event = reader.next())
            events.add(event.get());
        return events;
    }
}
