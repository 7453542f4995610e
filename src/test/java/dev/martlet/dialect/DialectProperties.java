package dev.martlet.dialect;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.martlet.Dialect;
import dev.martlet.Operation.Kind;
import dev.martlet.Refusal;
import dev.martlet.Refused;
import dev.martlet.wire.JsonTree;
import dev.martlet.wire.SseEvent;
import dev.martlet.wire.SseReader;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// What holds for translations whatever bytes come: they are understood, or refused as the caller's mistake, or garbled as
/// the provider's; what comes in is not changed, and what goes out is not much more than that, the same wherever a stream
/// was cut.
///
/// The tests ask it of recorded traffic and of what chance makes of it, `src/fuzz/run` of whatever a fuzzer makes of them.
public final class DialectProperties {
    private static final Heading HEADING = new Heading("0", 0, "m", true);

    /// A word of one dialect may be a sentence in another, and each event says again whose it is.
    private static final int GROWTH_MAX = 200;

    private static final int GROWTH_BYTES_MAX = 64 << 10;

    /// What is done with a document.
    enum Task {
        REQUEST,
        ANSWER,
        ERROR,
        STREAM,
        COLLECT,
        UNFOLD,
        EMBEDDINGS_REQUEST,
        EMBEDDINGS_ANSWER
    }

    private DialectProperties() {}

    /// The name and shape that the fuzzer looks for. The first byte says what is done with the others.
    public static void fuzzerTestOneInput(byte[] bytes) {
        if (bytes.length == 0) return;
        int choice = Byte.toUnsignedInt(bytes[0]);
        List<Dialect> dialects = Checks.DIALECTS;
        Task task = Task.values()[choice % Task.values().length];
        Dialect from = dialects.get(choice / Task.values().length % dialects.size());
        Dialect to = dialects.get(choice / Task.values().length / dialects.size() % dialects.size());
        check(task, from, to, Arrays.copyOfRange(bytes, 1, bytes.length));
    }

    /// Writes the recorded chats into a directory, a file for each task.
    public static void main(String[] arguments) throws IOException {
        Path directory = Files.createDirectories(Path.of(arguments[0]));
        int number = 0;
        for (byte[] seed : seeds()) Files.write(directory.resolve("seed-" + number++), seed);
    }

    static List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        for (Exchange exchange : Exchange.chats()) {
            for (Dialect to : Checks.DIALECTS) {
                byte[] asked = exchange.request().getBytes(UTF_8);
                seeds.add(seed(Task.REQUEST, exchange.dialect(), to, asked));
                for (Task task : tasks(exchange)) seeds.add(seed(task, exchange.dialect(), to, exchange.bytes()));
            }
        }
        return seeds;
    }

    private static List<Task> tasks(Exchange exchange) {
        if (exchange.streams()) return List.of(Task.STREAM, Task.COLLECT);
        return exchange.good() ? List.of(Task.ANSWER, Task.UNFOLD) : List.of(Task.ERROR);
    }

    private static byte[] seed(Task task, Dialect from, Dialect to, byte[] document) {
        int dialects = Checks.DIALECTS.size();
        int ways = Checks.DIALECTS.indexOf(from) + Checks.DIALECTS.indexOf(to) * dialects;
        byte[] seed = new byte[document.length + 1];
        List<Task> tasks = List.of(Task.values());
        seed[0] = (byte) (tasks.indexOf(task) + tasks.size() * ways);
        System.arraycopy(document, 0, seed, 1, document.length);
        return seed;
    }

    static void check(Task task, Dialect from, Dialect to, byte[] document) {
        int written =
                switch (task) {
                    case REQUEST -> request(Kind.CHAT, from, to, document);
                    case EMBEDDINGS_REQUEST -> request(Kind.EMBEDDINGS, from, to, document);
                    case ANSWER -> answer(Kind.CHAT, from, to, document);
                    case EMBEDDINGS_ANSWER -> answer(Kind.EMBEDDINGS, from, to, document);
                    case ERROR -> error(from, to, document);
                    case STREAM -> stream(from, to, document);
                    case COLLECT -> collect(from, document);
                    case UNFOLD -> unfold(from, document);
                };
        long most = GROWTH_BYTES_MAX + (long) GROWTH_MAX * document.length;
        assertTrue(written <= most, () -> written + " bytes of " + document.length);
    }

    private static int request(Kind kind, Dialect from, Dialect to, byte[] document) {
        Optional<ObjectNode> asked = Exchange.object(document);
        if (asked.isEmpty()) return 0;
        JsonNode before = asked.get().deepCopy();
        int written = 0;
        try {
            byte[] body = Translation.between(from, to).request(kind, asked.get(), "m", true).body();
            assertTrue(Exchange.object(body).isPresent(), "the request is no object");
            written = body.length;
        } catch (Refused refused) {
            assertTrue(refused.why() instanceof Refusal.BadRequest, refused.why()::toString);
        }
        assertEquals(before, asked.get(), "the caller's request was changed");
        return written;
    }

    private static int answer(Kind kind, Dialect from, Dialect to, byte[] document) {
        try {
            byte[] answer = Translation.between(to, from).answer(kind, document, HEADING);
            assertTrue(Exchange.object(answer).isPresent(), "the answer is no object");
            return answer.length;
        } catch (Garbled garbled) {
            return 0;
        }
    }

    private static int error(Dialect from, Dialect to, byte[] document) {
        Optional<byte[]> error = Translation.between(to, from).error(500, document);
        error.ifPresent(body -> assertTrue(Exchange.object(body).isPresent(), "the error is no object"));
        return error.map(body -> body.length).orElse(0);
    }

    private static int stream(Dialect from, Dialect to, byte[] document) {
        byte[] whole = stream(from, to, document, document.length);
        // Not every cut: the cost would be the square of the length.
        int cut = Arrays.hashCode(document) & Integer.MAX_VALUE;
        assertArrayEquals(whole, stream(from, to, document, document.length == 0 ? 0 : cut % document.length));
        return whole.length;
    }

    private static byte[] stream(Dialect from, Dialect to, byte[] document, int cut) {
        StreamTranslation way = Translation.between(to, from).stream(HEADING);
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        try {
            for (SseEvent event : events(document, cut)) way.next(event).forEach(written::writeBytes);
            way.end().forEach(written::writeBytes);
        } catch (Garbled garbled) {
            written.writeBytes(String.valueOf(garbled.getMessage()).getBytes(UTF_8));
        }
        return written.toByteArray();
    }

    private static List<SseEvent> events(byte[] document, int cut) {
        int[] at = {0};
        SseReader reader =
                new SseReader((into, from, length) -> {
                    int until = at[0] < cut ? cut : document.length;
                    int size = Math.min(length, until - at[0]);
                    System.arraycopy(document, at[0], into, from, size);
                    at[0] += size;
                    return size == 0 ? -1 : size;
                });
        List<SseEvent> events = new ArrayList<>();
        ByteArrayOutputStream raw = new ByteArrayOutputStream();
        try {
            for (Optional<SseEvent> one = reader.next(); one.isPresent(); one = reader.next()) {
                events.add(one.get());
                raw.writeBytes(one.get().raw());
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        assertArrayEquals(document, raw.toByteArray(), "the reader lost something");
        return events;
    }

    private static int collect(Dialect from, byte[] document) {
        Collect collect = Idiom.of(from).collect();
        try {
            for (SseEvent event : events(document, document.length)) {
                Optional<Event> read = Event.read(event);
                if (read.isPresent()) collect.add(read.get());
            }
            return JsonTree.write(collect.whole()).length;
        } catch (Garbled garbled) {
            return 0;
        }
    }

    private static int unfold(Dialect from, byte[] document) {
        Optional<ObjectNode> answer = Exchange.object(document);
        if (answer.isEmpty()) return 0;
        JsonNode before = answer.get().deepCopy();
        int written = 0;
        try {
            for (Event event : Idiom.of(from).unfold(answer.get())) written += event.written().length;
        } catch (Garbled garbled) {
            written = 0;
        }
        assertEquals(before, answer.get(), "the answer was changed");
        return written;
    }
}
