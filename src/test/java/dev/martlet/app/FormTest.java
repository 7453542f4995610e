package dev.martlet.app;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.martlet.app.RawClient.Answer;
import dev.martlet.wire.Http1.RequestHead;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/// Forms that are routed by model: held, flowing or waiting in a file, what the provider gets is the form with its own name
/// for the model, octet for octet.
@Timeout(120)
class FormTest {
    private static final String BOUNDARY = "----formdata-undici-012345678901";
    private static final String GOOD = json("200 OK", "{\"text\":\"hello\"}");
    private static final String THROTTLED = json("429 No", "{\"error\":{\"message\":\"slow down\"}}");
    private static final String BUSY = json("503 No", "{\"error\":{\"message\":\"busy\"}}");
    private static final int SMALL = 10_000;
    private static final int LARGE = 3 << 20;

    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final List<AutoCloseable> open = new ArrayList<>();
    private final BlockingQueue<Got> got = new LinkedBlockingQueue<>();

    /// What a provider got.
    ///
    /// @param text an octet a character
    private record Got(RequestHead head, String text) {
        byte[] body() {
            return bytes(text);
        }
    }

    @AfterEach
    void closes() throws Exception {
        for (AutoCloseable one : open.reversed()) one.close();
        assertEquals(List.of(), spooled(), "files are left open");
    }

    @ParameterizedTest
    @CsvSource({
        "file, 10000, false", "file, 10000, true", "file, 3145728, false", "file, 3145728, true",
        "model, 10000, false", "model, 10000, true", "model, 3145728, false", "model, 3145728, true",
    })
    @DisplayName("the model may stand before the file or behind it, the body be short or long, stated or chunked")
    void asksByTheChannelsName(String first, int fileBytes, boolean chunked) throws Exception {
        int port = gateway("", channel("one", provider(GOOD), "models: [\"whisper-1: up-whisper-large\"]"));
        byte[] form = form(first.equals("file"), "whisper-1", fileBytes);
        Answer answer = post(port, "/v1/audio/transcriptions", form, chunked);
        assertEquals(200, answer.status(), answer::body);
        assertEquals("{\"text\":\"hello\"}", answer.body());
        Got request = got.take();
        assertArrayEquals(form(first.equals("file"), "up-whisper-large", fileBytes), request.body());
        assertEquals("/v1/audio/transcriptions", request.head.target());
        assertEquals(List.of(type()), request.head.fields().all("Content-Type"));
        assertEquals(List.of("Bearer sk-fake-one"), request.head.fields().all("Authorization"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/audio/translations", "/v1/images/edits", "/v1/images/variations"})
    void servesTheOtherOperationsWithForms(String path) throws Exception {
        int port = gateway("", channel("one", provider(GOOD.replace("text", "data")), "models: [\"m: up\"]"));
        Answer answer = post(port, path, form(true, "m", SMALL), false);
        assertEquals(200, answer.status(), answer::body);
        assertArrayEquals(form(true, "up", SMALL), got.take().body());
    }

    @Test
    @DisplayName("a form of images may name no model: it is asked for as OpenAI's own default, and stays as it is")
    void theModelMayBeLeftOut() throws Exception {
        int port = gateway("", channel("one", provider(GOOD), "models: [\"dall-e-2: up\"]"));
        byte[] form = bytes(file(LARGE) + end());
        assertEquals(200, post(port, "/v1/images/variations", form, false).status());
        assertArrayEquals(form, got.take().body());
    }

    @ParameterizedTest
    @CsvSource({"10000, true", "10000, false", "3145728, true"})
    @DisplayName(
            "a form that is held, or waits in a file, goes to the next channel after a 429, by the name it has there")
    void failsOver(int fileBytes, boolean fileFirst) throws Exception {
        String first = channel("first", provider(THROTTLED), "models: [\"whisper-1: up-1\"]");
        String second = channel("second", provider(GOOD), "models: [\"whisper-1: longer-up-2\"]", "priority: 1");
        Answer answer = transcribe(gateway("", first, second), form(fileFirst, "whisper-1", fileBytes));
        assertEquals(200, answer.status(), answer::body);
        assertEquals("2", answer.fields().first("x-martlet-attempts").orElse(""));
        assertArrayEquals(form(fileFirst, "up-1", fileBytes), got.take().body());
        assertArrayEquals(form(fileFirst, "longer-up-2", fileBytes), got.take().body());
    }

    @Test
    @DisplayName("a form that flows is whole for the next channel, when nobody was there at the first")
    void flowsToTheNextWhenNothingWasSent() throws Exception {
        int closed;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }
        String nobody = channel("nobody", closed, "models: [\"whisper-1: up-1\"]");
        String second = channel("second", provider(GOOD), "models: [\"whisper-1: longer-up-2\"]", "priority: 1");
        Answer answer = transcribe(gateway("", nobody, second), form(false, "whisper-1", LARGE));
        assertEquals(200, answer.status(), answer::body);
        assertArrayEquals(form(false, "longer-up-2", LARGE), got.take().body());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisplayName("U-41 a form that flowed is sent to nobody else, whatever came back; the log says why")
    void flowsOnce(boolean throttled) throws Exception {
        String first = channel("first", provider(throttled ? THROTTLED : BUSY));
        String second = channel("second", provider(GOOD), "priority: 1");
        Answer answer = transcribe(gateway("", first, second), form(false, "whisper-1", LARGE));
        assertEquals(throttled ? 429 : 502, answer.status(), answer::body);
        assertEquals(1, got.size());
        awaitLog(" replay_too_large ");
    }

    @Test
    @DisplayName("a second model behind the beginning of a form that flows never reaches the provider")
    void refusesASecondModelAsItPasses() {
        CountDownLatch cut = new CountDownLatch(1);
        FakeProvider provider =
                new FakeProvider(peer -> {
                    try {
                        peer.drain(peer.head().orElseThrow());
                    } catch (IOException e) {
                        cut.countDown();
                    }
                });
        open.add(provider);
        int port = gateway("", channel("one", provider));
        byte[] form = bytes(field("model", "whisper-1") + file(LARGE) + field("model", "dear") + end());
        Answer answer = transcribe(port, form);
        assertRefused(400, "duplicate_key", answer);
        assertTrue(awaits(cut), "the provider got all of it");
    }

    @ParameterizedTest
    @CsvSource({"10000", "3145728"})
    @DisplayName("what is no form is refused in OpenAI's words, and nobody is asked")
    void refusesWhatIsNoForm(int fileBytes) {
        FakeProvider provider = provider(GOOD);
        int port = gateway("", channel("one", provider));
        assertRefused(400, "invalid_multipart", transcribe(port, bytes(file(fileBytes) + field("model", "m"))));
        assertRefused(400, "invalid_multipart", transcribe(port, bytes("x" + file(fileBytes) + end())));
        assertRefused(400, "missing_required_parameter", transcribe(port, bytes(file(fileBytes) + end())));
        assertRefused(
                400,
                "duplicate_key",
                transcribe(port, bytes(file(fileBytes) + field("model", "a") + field("model", "b") + end())));
        assertRefused(
                404,
                "model_not_found",
                transcribe(gateway("", channel("two", provider, "models: [x]")), form(true, "m", fileBytes)));
        assertEquals(0, provider.connections());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisplayName("C-6 a form of exactly the limit is served, one of an octet more is not, stated or chunked")
    void keepsTheLimit(boolean chunked) throws Exception {
        byte[] form = form(true, "m", LARGE);
        FakeProvider provider = provider(GOOD);
        assertEquals(
                200,
                post(
                                gateway("{upload: " + form.length + "}", channel("one", provider)),
                                "/v1/audio/transcriptions",
                                form,
                                chunked)
                        .status());
        got.take();
        int port = gateway("{upload: " + (form.length - 1) + "}", channel("one", provider));
        assertRefused(413, "body_too_large", post(port, "/v1/audio/transcriptions", form, chunked));
        assertEquals(0, got.size());
    }

    @Test
    @DisplayName("C-3 a form that stops arriving while it is written to a file is refused in time")
    void keepsTheDeadline() throws Exception {
        FakeProvider provider = provider(GOOD);
        int port =
                gatewayWith(
                        "server: {host: 127.0.0.1, port: 0, timeouts: {request-body: 500ms}}",
                        channel("one", provider));
        byte[] form = form(true, "m", LARGE);
        try (RawClient client = new RawClient(port)) {
            client.send(head("/v1/audio/transcriptions", form, false));
            client.send(Arrays.copyOf(form, 80 << 10)); // each 64 KiB buy a second
            assertRefused(408, "request_timeout", client.read());
        }
        assertEquals(0, provider.connections());
    }

    @Test
    @DisplayName("C-4 a client that leaves in the middle leaves no file behind, and nobody is asked")
    void forgetsWhoLeaves() throws Exception {
        FakeProvider provider = provider(GOOD);
        int port = gateway("{buffered-bytes: 2MiB, upload: 16MiB}", channel("one", provider));
        byte[] form = form(true, "m", LARGE);
        for (int call = 0; call < 40; call++) {
            try (RawClient client = new RawClient(port)) {
                client.send(head("/v1/audio/transcriptions", form, call % 2 == 0));
                client.send(call % 2 == 0 ? bytes("200000\r\n") : new byte[0]);
                client.send(Arrays.copyOf(form, 2 << 20));
                if (call % 4 < 2) client.reset();
            }
        }
        awaitLog(" term=", 40); // some find the memory taken by one who has not left yet
        assertEquals(List.of(), spooled());
        assertEquals(0, provider.connections());
        assertEquals(200, transcribe(port, form).status());
        assertEquals(200, transcribe(port, form(true, "m", SMALL)).status());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisplayName("a client that leaves while its form is sent, or waited for, leaves no file behind either")
    void forgetsWhoLeavesLater(boolean reads) throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        FakeProvider provider =
                new FakeProvider(peer -> {
                    RequestHead head = peer.head().orElseThrow();
                    if (reads) peer.drain(head);
                    asked.countDown();
                    awaits(over);
                });
        open.add(provider);
        open.add(over::countDown);
        int port = gateway("", channel("one", provider));
        byte[] form = form(true, "m", 10 * LARGE);
        try (RawClient client = new RawClient(port)) {
            client.upload(head("/v1/audio/transcriptions", form, false), form, 1, "");
            assertTrue(awaits(asked));
            assertEquals(1, spooled().size());
        }
        awaitLog(" -> 499 ");
        assertEquals(List.of(), spooled());
    }

    @Test
    @DisplayName("U-39 an answer amid the sending of a form from its file is delivered")
    void earlyAnswer() {
        FakeProvider provider =
                new FakeProvider(peer -> {
                    peer.head();
                    peer.send(json("413 No", "{\"error\":{\"message\":\"large\"}}"));
                    peer.awaitClose();
                });
        open.add(provider);
        Answer answer = transcribe(gateway("", channel("one", provider)), form(true, "m", 10 * LARGE));
        assertEquals(413, answer.status());
        assertTrue(answer.body().contains("large"), answer::body);
    }

    @Test
    @DisplayName("U-40 a provider that never reads: a form from a file is broken off")
    void neverReads() {
        CountDownLatch over = new CountDownLatch(1);
        FakeProvider provider = new FakeProvider(_ -> awaits(over));
        open.add(provider);
        int port = gateway("", channel("one", provider, "timeouts: {idle: 1s}"));
        Answer answer = transcribe(port, form(true, "m", 10 * LARGE));
        over.countDown();
        assertEquals(502, answer.status(), answer::body);
        awaitLog("send-timeout");
    }

    @Test
    @DisplayName("a file waits without a name, and only as many as are allowed wait at a time")
    void boundsTheFiles() throws Exception {
        int port = gateway("{upload: 4MiB}", channel("one", provider(GOOD)));
        byte[] form = form(true, "m", 3 << 20);
        List<RawClient> waiting = new ArrayList<>();
        try {
            for (int call = 0; call < 4; call++) {
                RawClient client = new RawClient(port);
                waiting.add(client);
                client.send(head("/v1/audio/transcriptions", form, false));
                client.send(Arrays.copyOf(form, form.length - 1));
            }
            long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (spooledBytes() < 4L * (form.length - 1) && System.nanoTime() < until)
                LockSupport.parkNanos(1_000_000);
            assertEquals(4, spooled().size());
            assertEquals(4L * (form.length - 1), spooledBytes());
            assertTrue(spooled().stream().allMatch(file -> file.endsWith(" (deleted)")), () -> spooled().toString());
            assertRefused(503, "spool_full", transcribe(port, form));
        } finally {
            waiting.forEach(RawClient::close);
        }
        awaitLog(" term=CR", 4);
        assertEquals(200, transcribe(port, form).status());
    }

    @Test
    @DisplayName("whatever stands in a form, and in whatever order: the provider gets the same with another model")
    void isTheSameForm() throws Exception {
        int port = gateway("", channel("one", provider(GOOD), "models: [\"whisper-1: up\", \"dall-e-2: other\"]"));
        for (int seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            List<String> fields = new ArrayList<>();
            for (int i = random.nextInt(6); i > 0; i--) fields.add(field("f" + i, noise(random)));
            fields.add(random.nextInt(fields.size() + 1), file(random, 1 << random.nextInt(22)));
            int place = random.nextInt(fields.size() + 1);
            byte[] form = form(fields, place, "whisper-1");
            Answer answer = post(port, "/v1/audio/transcriptions", form, random.nextBoolean());
            assertEquals(200, answer.status(), "seed " + seed + ": " + answer.body());
            assertArrayEquals(form(fields, place, "up"), got.take().body(), "seed " + seed);
        }
    }

    private static byte[] form(List<String> fields, int place, String model) {
        List<String> all = new ArrayList<>(fields);
        all.add(place, field("model", model));
        return bytes(String.join("", all) + end());
    }

    private static String noise(Random random) {
        byte[] noise = new byte[random.nextInt(100)];
        random.nextBytes(noise);
        return "x"
                + new String(noise, ISO_8859_1)
                + "\r\n--"
                + BOUNDARY.substring(0, random.nextInt(BOUNDARY.length()));
    }

    private static String file(Random random, int bytes) {
        byte[] content = new byte[bytes];
        random.nextBytes(content);
        return file(new String(content, ISO_8859_1));
    }

    private static byte[] form(boolean fileFirst, String model, int fileBytes) {
        String name = field("model", model);
        String file = file(fileBytes);
        String rest = field("response_format", "json");
        return bytes(rest + (fileFirst ? file + name : name + file) + end());
    }

    private static String field(String name, String content) {
        return "--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + content + "\r\n";
    }

    private static String file(int bytes) {
        return file(new Random(bytes), bytes);
    }

    private static String file(String content) {
        return "--"
                + BOUNDARY
                + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a \\\"b\\\".mp3\"\r\n"
                + "Content-Type: audio/mpeg\r\n\r\n"
                + content
                + "\r\n";
    }

    private static String end() {
        return "--" + BOUNDARY + "--\r\n";
    }

    private static String type() {
        return "multipart/form-data; boundary=" + BOUNDARY;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(ISO_8859_1);
    }

    private static Answer transcribe(int port, byte[] form) {
        return post(port, "/v1/audio/transcriptions", form, false);
    }

    private static Answer post(int port, String path, byte[] form, boolean chunked) {
        try (RawClient client = new RawClient(port)) {
            byte[] part = chunked ? chunk(form) : form;
            client.upload(head(path, form, chunked), part, 1, chunked ? "0\r\n\r\n" : "");
            return client.read();
        }
    }

    private static byte[] chunk(byte[] form) {
        ByteArrayOutputStream chunk = new ByteArrayOutputStream();
        chunk.writeBytes(bytes(Integer.toHexString(form.length) + "\r\n"));
        chunk.writeBytes(form);
        chunk.writeBytes(bytes("\r\n"));
        return chunk.toByteArray();
    }

    private static String head(String path, byte[] form, boolean chunked) {
        return "POST "
                + path
                + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
                + type()
                + (chunked
                        ? "\r\nTransfer-Encoding: chunked\r\n\r\n"
                        : "\r\nContent-Length: " + form.length + "\r\n\r\n");
    }

    private static void assertRefused(int status, String code, Answer answer) {
        assertEquals(status, answer.status(), answer::body);
        assertTrue(answer.body().contains("\"code\":\"" + code + "\""), answer::body);
        assertTrue(answer.body().startsWith("{\"error\":{\"message\":\""), answer::body);
    }

    private int gateway(String limits, String... channels) {
        String server = limits.isEmpty() ? "" : ", limits: " + limits;
        return gatewayWith("server: {host: 127.0.0.1, port: 0" + server + "}", channels);
    }

    private int gatewayWith(String server, String... channels) {
        String yaml = server + "\nchannels:\n" + String.join("", channels);
        Gateway gateway = YamlGateway.startWhole(yaml, Map.of(), log);
        open.add(gateway);
        return gateway.port();
    }

    private static String channel(String name, FakeProvider provider, String... lines) {
        return channel(name, provider.port(), lines);
    }

    private static String channel(String name, int port, String... lines) {
        StringBuilder yaml = new StringBuilder("  - name: " + name + "\n    keys: [sk-fake-" + name + "]\n");
        yaml.append("    url: http://127.0.0.1:").append(port).append("/v1\n");
        for (String line : lines) yaml.append("    ").append(line).append('\n');
        return yaml.toString();
    }

    private FakeProvider provider(String answer) {
        FakeProvider provider =
                new FakeProvider(peer -> {
                    for (var head = peer.head(); head.isPresent(); head = peer.head()) {
                        got.add(new Got(head.get(), new String(peer.content(head.get()), ISO_8859_1)));
                        peer.send(answer);
                    }
                });
        open.add(provider);
        return provider;
    }

    private static String json(String status, String body) {
        return "HTTP/1.1 "
                + status
                + "\r\nContent-Type: application/json\r\nContent-Length: "
                + body.length()
                + "\r\n\r\n"
                + body;
    }

    private void awaitLog(String text) {
        awaitLog(text, 1);
    }

    private void awaitLog(String text, int times) {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (log.toString(ISO_8859_1).split(text, -1).length <= times && System.nanoTime() < until) {
            LockSupport.parkNanos(1_000_000);
        }
        String all = log.toString(ISO_8859_1);
        assertTrue(all.split(text, -1).length > times, () -> all);
    }

    private static boolean awaits(CountDownLatch latch) {
        try {
            return latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /// Forms that this process has in files now.
    private static List<String> spooled() {
        return descriptors().stream().map(FormTest::target).toList();
    }

    private static long spooledBytes() {
        return descriptors().stream().mapToLong(descriptor -> descriptor.toFile().length()).sum();
    }

    private static List<Path> descriptors() {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.filter(descriptor -> target(descriptor).contains("/martlet-form-")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException e) {
            return ""; // closed meanwhile
        }
    }
}
