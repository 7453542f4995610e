package dev.martlet.app;

import dev.martlet.Fields;
import dev.martlet.config.ConfigInvalid;
import dev.martlet.demo.DemoProviders;
import dev.martlet.wire.Http1;
import dev.martlet.wire.Source;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Real calls and streams through a gateway with made-up providers: shows that this jar works on this machine's Java,
/// and is what the AOT cache is trained with.
final class SelfTest {
    private static final int ROUNDS = 150;
    private static final int PATIENCE_MILLIS = 30_000;
    private static final Http1.Limits LIMITS = new Http1.Limits(64 << 10, 200, 8 << 10, 1 << 20);

    /// Of providers that speak the caller's dialect, and others.
    private static final List<String> ALL = List.of("demo-large", "demo-sonnet", "demo-pro");

    private static final List<String> OPENAI = List.of("demo-large");

    private final int port;
    private final List<String> models;
    private int calls;

    private SelfTest(int port, List<String> models) {
        this.port = port;
        this.models = models;
    }

    /// Runs it; its log lines are made as always and go nowhere.
    ///
    /// @return how many calls were answered
    /// @throws IOException if one was not answered as it should be
    static int run() throws IOException, ConfigInvalid {
        OutputStream log = OutputStream.nullOutputStream();
        try (Demo channels = Demo.ofChannels(0, DemoProviders.atOnce(), log);
                Demo pool = Demo.ofPool(0, DemoProviders.atOnce(), log)) {
            SelfTest byModel = new SelfTest(channels.port(), ALL);
            SelfTest transparent = new SelfTest(pool.port(), OPENAI);
            byModel.notices();
            for (int round = 0; round < ROUNDS; round++) {
                byModel.round(round);
                transparent.round(round);
            }
            return byModel.calls + transparent.calls;
        }
    }

    private void round(int number) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            Source source = new Source((into, from, length) -> socket.getInputStream().read(into, from, length));
            expect(ask(socket, source, "GET", "/v1/models", ""), "\"object\":\"list\"");
            String chat = "/v1/chat/completions";
            for (String model : models) {
                String question = question(model, number);
                String stream = question.replace("\"model\"", "\"stream\": true, \"model\"");
                expect(ask(socket, source, "POST", chat, question), "\"finish_reason\":\"stop\"");
                expect(ask(socket, source, "POST", chat, stream), "data: [DONE]");
            }
            expect(ask(socket, source, "GET", "/health", ""), "\"status\":");
        }
    }

    private static String question(String model, int number) {
        return "{\"model\": \"%s\", \"messages\": [{\"role\": \"user\", \"content\": \"Do you work, number %d?\"}]}"
                .formatted(model, number);
    }

    private String ask(Socket socket, Source source, String method, String path, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        Fields fields = Fields.of("Host", "localhost", "Authorization", "Bearer sk-fake-selftest");
        if (bytes.length > 0) {
            fields = fields.with("Content-Type", "application/json").with("Content-Length", "" + bytes.length);
        }
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(Http1.head(method, path, fields));
        request.writeBytes(bytes);
        request.writeTo(socket.getOutputStream());
        Http1.ResponseHead head =
                Http1.readResponse(source, LIMITS).orElseThrow(() -> new IOException("no answer to " + path));
        byte[] content = Http1.body(source, head.framing(method), LIMITS, 1 << 20).readAllBytes();
        if (head.status() != 200) throw new IOException(path + " was answered with " + head.status());
        return new String(content, StandardCharsets.UTF_8);
    }

    private void expect(String answer, String part) throws IOException {
        if (!answer.contains(part)) throw new IOException("an answer is without " + part);
        calls++;
    }

    /// So that a start under systemd finds these in the cache as well; nobody listens at that address.
    private void notices() {
        String nobody = "@martlet-selftest-" + ProcessHandle.current().pid();
        Systemd.of(Map.of("NOTIFY_SOCKET", nobody), _ -> {}).status("self-test");
        new OwnDoor("127.0.0.1", port, false).feel(Duration.ofMillis(PATIENCE_MILLIS));
    }
}
