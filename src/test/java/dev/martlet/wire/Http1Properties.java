package dev.martlet.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.martlet.Field;
import dev.martlet.Fields;
import dev.martlet.wire.Http1.Framing;
import dev.martlet.wire.Http1.Limits;
import dev.martlet.wire.Http1.RequestHead;
import dev.martlet.wire.Http1.ResponseHead;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/// What holds for the grammar whatever bytes come: they are messages or they are refused, the same ones however they
/// arrive, within the limits; and a message written anew is the same message.
///
/// The tests ask it of the seeds, `src/fuzz/run` of whatever a fuzzer makes of them.
public final class Http1Properties {
    private static final Limits LIMITS = new Limits(2 << 10, 20, 200, 4 << 10);

    /// A message written anew has spaces that it had not, and perhaps a `Host`.
    private static final Limits LIMITS_ANEW = new Limits(4 << 10, 21, 200, 8 << 10);

    private static final long BODY_BYTES_MAX = 8 << 10;
    private static final int MESSAGES_MAX = 20;
    private static final int READS_AFTER_THE_END_MAX = 4;

    /// A message as its reader understands it.
    ///
    /// @param start what is in its first line
    private record Message(List<String> start, List<Field> fields, Framing framing, List<Byte> content) {}

    /// Everything that was read from a connection, and how it ended: with a status, or with a word.
    private record Reading(List<Message> messages, String end) {}

    /// Reads a head and the body behind it; empty at the end of the connection.
    private interface Grammar {
        Optional<Message> read(Source source, Limits limits) throws IOException;
    }

    private Http1Properties() {}

    /// The name and shape that the fuzzer looks for.
    public static void fuzzerTestOneInput(byte[] bytes) {
        check(bytes, Http1Properties::request, Http1Properties::rewrittenRequest);
        check(bytes, Http1Properties::response, Http1Properties::rewrittenResponse);
    }

    /// Writes the seeds into a directory, a file each.
    public static void main(String[] arguments) throws IOException {
        Path directory = Files.createDirectories(Path.of(arguments[0]));
        int number = 0;
        for (byte[] seed : seeds()) Files.write(directory.resolve("seed-" + number++), seed);
    }

    static List<byte[]> seeds() {
        String chunks = "5;a=b\r\nhello\r\n0\r\nX: 1\r\n\r\n";
        Stream<String> responses =
                Stream.of(
                        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhelloHTTP/1.1 204 No Content\r\n\r\n",
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks + "HTTP/1.1 304 \r\n\r\n",
                        "HTTP/1.0 200\r\nConnection: keep-alive\r\n\r\nuntil the end",
                        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n",
                        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks,
                        "HTTP/1.1 999 Odd\r\n\r\n",
                        "HTTP/1.1 200 OK\nX: 1\n\n",
                        "SSH-2.0-x\r\n\r\n",
                        "<html>hello</html>");
        Stream<String> requests = RawRequest.all().stream().map(RawRequest::bytes);
        String fullOfLines = "GET / HTTP/1.0\r\n" + "X:1\r\n".repeat(LIMITS.fields()) + "\r\n";
        Stream<String> several =
                Stream.of(
                        "GET / HTTP/1.1\r\nHost: a\r\n\r\nPOST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}"
                                + "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                                + chunks,
                        fullOfLines);
        return Stream.of(requests, several, responses).flatMap(of -> of).map(Http1Properties::octets).toList();
    }

    private interface Writing {
        byte[] of(Message message);
    }

    private static void check(byte[] bytes, Grammar grammar, Writing writing) {
        Reading whole = read(bytes, bytes.length, grammar, LIMITS);
        assertEquals(whole, read(bytes, 1, grammar, LIMITS), "read octet by octet");
        for (int pieceMax : List.of(7, 64, 1500)) {
            assertEquals(whole, read(bytes, pieceMax, grammar, LIMITS), "read in pieces of up to " + pieceMax);
        }
        for (Message message : whole.messages()) {
            byte[] anew = writing.of(message);
            Reading again = read(anew, anew.length, grammar, LIMITS_ANEW);
            assertEquals(List.of(message), again.messages(), "written anew");
            assertEquals("end", again.end(), "written anew");
        }
    }

    private static Reading read(byte[] bytes, int pieceMax, Grammar grammar, Limits limits) {
        Pieces pieces = new Pieces(bytes, pieceMax);
        Source source = new Source(pieces);
        List<Message> messages = new ArrayList<>();
        try {
            while (messages.size() < MESSAGES_MAX) {
                Optional<Message> message = grammar.read(source, limits);
                if (message.isEmpty()) return new Reading(messages, "end");
                messages.add(message.get());
            }
            return new Reading(messages, "enough");
        } catch (Malformed e) {
            assertTrue(List.of(400, 413, 414, 431, 501, 505).contains(e.status()), () -> "status " + e.status());
            return new Reading(messages, Integer.toString(e.status()));
        } catch (Truncated e) {
            return new Reading(messages, "truncated");
        } catch (IOException e) {
            return fail("neither malformed nor truncated", e);
        }
    }

    private static Optional<Message> request(Source source, Limits limits) throws IOException {
        Optional<RequestHead> read = Http1.readRequest(source, limits);
        if (read.isEmpty()) return Optional.empty();
        RequestHead head = read.get();
        checkFields(head.fields(), limits);
        assertTrue(head.target().length() <= LIMITS.targetBytes(), "the target");
        List<String> start = List.of(head.method(), head.target());
        boolean without = head.minor() == 0 && !head.fields().has("Host"); // what is written is always HTTP/1.1
        Fields fields = without ? head.fields().with("Host", "none") : head.fields();
        return Optional.of(new Message(start, list(fields), head.framing(), content(source, head.framing(), limits)));
    }

    private static Optional<Message> response(Source source, Limits limits) throws IOException {
        Optional<ResponseHead> read = Http1.readResponse(source, limits);
        if (read.isEmpty()) return Optional.empty();
        ResponseHead head = read.get();
        checkFields(head.fields(), limits);
        Framing framing = head.framing("GET");
        List<String> start = List.of(Integer.toString(head.status()), head.reason());
        return Optional.of(new Message(start, list(head.fields()), framing, content(source, framing, limits)));
    }

    private static void checkFields(Fields fields, Limits limits) {
        assertTrue(fields.size() <= limits.fields(), "the number of lines");
        int bytes = 0;
        for (Field field : fields) bytes += field.name().length() + field.value().length() + 3;
        assertTrue(bytes <= limits.headBytes(), "the head");
    }

    private static List<Byte> content(Source source, Framing framing, Limits limits) throws IOException {
        BodyStream body = Http1.body(source, framing, limits, BODY_BYTES_MAX);
        List<Byte> content = new ArrayList<>();
        byte[] buffer = new byte[300];
        for (int count = body.read(buffer); count >= 0; count = body.read(buffer)) {
            assertTrue(count > 0, "a read of nothing");
            for (int i = 0; i < count; i++) content.add(buffer[i]);
            boolean bounded = framing instanceof Framing.Chunked;
            assertTrue(!bounded || content.size() <= BODY_BYTES_MAX, "the body");
        }
        assertTrue(body.finished(), "the body");
        assertEquals(0, body.available(), "behind the body");
        assertEquals(-1, body.read(buffer), "behind the body");
        return content;
    }

    private static byte[] rewrittenRequest(Message message) {
        Fields fields = Fields.of(message.fields());
        return written(Http1.head(message.start().getFirst(), message.start().getLast(), fields), message);
    }

    private static byte[] rewrittenResponse(Message message) {
        int status = Integer.parseInt(message.start().getFirst());
        return written(Http1.head(status, message.start().getLast(), Fields.of(message.fields())), message);
    }

    private static byte[] written(byte[] head, Message message) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(head);
        byte[] content = new byte[message.content().size()];
        for (int i = 0; i < content.length; i++) content[i] = message.content().get(i);
        boolean chunked = message.framing() instanceof Framing.Chunked;
        if (chunked && content.length > 0) {
            bytes.writeBytes(Http1.chunkLine(content.length));
            bytes.writeBytes(content);
            bytes.writeBytes(octets("\r\n"));
        }
        bytes.writeBytes(chunked ? Http1.lastChunk() : content);
        return bytes.toByteArray();
    }

    private static List<Field> list(Fields fields) {
        List<Field> list = new ArrayList<>();
        fields.forEach(list::add);
        return list;
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /// Hands out bytes in pieces of chance lengths, the same for the same bytes, and counts how often it is asked.
    private static final class Pieces implements Source.Pull {
        private final byte[] bytes;
        private final int pieceMax;
        private final Random random;
        private int from;
        private int ends;

        Pieces(byte[] bytes, int pieceMax) {
            this.bytes = bytes;
            this.pieceMax = Math.max(1, pieceMax);
            this.random = new Random(Arrays.hashCode(bytes) * 31L + pieceMax);
        }

        @Override
        public int read(byte[] into, int at, int length) {
            if (length <= 0) throw new AssertionError("a read of nothing");
            if (into.length > Math.max(LIMITS.headBytes(), 4 << 10))
                throw new AssertionError("a buffer of " + into.length);
            if (from == bytes.length) {
                if (++ends > READS_AFTER_THE_END_MAX) throw new AssertionError("reads on behind the end");
                return -1;
            }
            int piece = pieceMax >= bytes.length ? pieceMax : 1 + random.nextInt(pieceMax);
            int count = Math.min(Math.min(piece, length), bytes.length - from);
            System.arraycopy(bytes, from, into, at, count);
            from += count;
            return count;
        }
    }
}
