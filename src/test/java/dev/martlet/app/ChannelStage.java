package dev.martlet.app;

import com.fasterxml.jackson.databind.ObjectMapper;

import dev.martlet.app.RawClient.Answer;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/// A gateway and the providers behind its channels, for tests that look at both sides.
final class ChannelStage implements AutoCloseable {
    /// What is asked of the model `m`.
    static final String CHAT = "{\"model\":\"m\",\"messages\":[]}";

    /// The same, event by event.
    static final String STREAM = "{\"model\":\"m\",\"stream\":true,\"messages\":[]}";

    /// A sound answer.
    static final String GOOD =
            """
            {"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"hi"},"finish_reason":"stop"}]}\
            """;

    /// A sound answer, event by event: all but its end.
    static final String CONTENT = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"hi\"}}]}\n\n";

    static final String END = "data: [DONE]\n\n";

    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final List<AutoCloseable> open = new ArrayList<>();
    private final List<FakeProvider.Request> requests = new CopyOnWriteArrayList<>();

    /// Starts a gateway with these channels.
    Gateway gateway(String... channels) {
        return gateway("", Map.of(), channels);
    }

    /// @param yaml what else stands in the file
    Gateway gateway(String yaml, Map<String, String> environment, String... channels) {
        String list = channels.length == 0 ? "" : "channels:\n" + String.join("", channels);
        Gateway gateway =
                yaml.startsWith("server:")
                        ? YamlGateway.startWhole(yaml + list, environment, log)
                        : YamlGateway.start(yaml + list, environment, log);
        open.add(gateway);
        return gateway;
    }

    /// Starts a gateway with one channel, whose provider answers everything with the same bytes; gives its port.
    int alone(String bytes) {
        return gateway(channel("one", 1, provider(bytes))).port();
    }

    /// A channel as YAML.
    ///
    /// @param number of its priority and its key
    static String channel(String name, int number, FakeProvider provider, String... lines) {
        List<String> all = new ArrayList<>(List.of(lines));
        all.addAll(List.of("keys: [sk-fake-" + number + "]", "priority: " + number));
        return channel(name, provider, all.toArray(String[]::new));
    }

    /// A channel as YAML.
    static String channel(String name, FakeProvider provider, String... lines) {
        StringBuilder yaml = new StringBuilder("  - name: " + name + "\n");
        yaml.append("    url: http://127.0.0.1:").append(provider.port()).append("/v1\n");
        for (String line : lines) yaml.append("    ").append(line).append('\n');
        return yaml.toString();
    }

    /// A provider that answers every request with the same bytes.
    FakeProvider provider(String bytes) {
        return provider(_ -> bytes);
    }

    /// A provider that answers each request when it has come whole.
    FakeProvider provider(Function<FakeProvider.Request, String> answer) {
        return playing(peer -> {
            for (var request = peer.next(); request.isPresent(); request = peer.next()) {
                requests.add(request.get());
                peer.send(answer.apply(request.get()));
            }
        });
    }

    /// A provider that is closed with the rest.
    FakeProvider playing(FakeProvider.Script script) {
        FakeProvider provider = new FakeProvider(script);
        open.add(provider);
        return provider;
    }

    /// What the providers were asked, in order.
    List<FakeProvider.Request> requests() {
        return requests;
    }

    /// What is closed with it.
    void add(AutoCloseable one) {
        open.add(one);
    }

    ByteArrayOutputStream log() {
        return log;
    }

    /// The lines of the log so far.
    List<String> lines() {
        return log.toString(StandardCharsets.UTF_8).lines().toList();
    }

    /// Waits until so many lines hold this: then all that was counted of these calls can be seen.
    List<String> awaitLines(int count, String part) {
        Wait.until(() -> linesWith(part).size() >= count, () -> "less than " + count + " lines with " + part);
        return linesWith(part);
    }

    private List<String> linesWith(String part) {
        return lines().stream().filter(line -> line.contains(part)).toList();
    }

    /// An answer with a JSON body.
    static String json(int status, String body, String... fields) {
        return message(status + " X", "application/json", body, fields);
    }

    /// An answer with events.
    static String events(String events) {
        return message("200 OK", "text/event-stream", events);
    }

    /// Any answer.
    static String message(String status, String type, String body, String... fields) {
        StringBuilder head = new StringBuilder("HTTP/1.1 " + status + "\r\nContent-Type: " + type + "\r\n");
        for (String field : fields) head.append(field).append("\r\n");
        return head.append("Content-Length: ").append(body.length()).append("\r\n\r\n").append(body).toString();
    }

    /// An answer of a chat, with this in the place of its usage.
    static String chat(String usage) {
        return json(
                200,
                "{\"id\":\"1\",\"model\":\"m\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
                        + "\"content\":\"hi\"},\"finish_reason\":\"stop\"}]"
                        + (usage.isEmpty() ? "" : ",\"usage\":" + usage)
                        + "}");
    }

    /// Asks a model.
    static Answer ask(Gateway gateway, String model, String... fields) {
        String body = "{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}";
        return post(gateway.port(), body, fields);
    }

    /// Asks for a chat.
    static Answer post(int port, String body, String... fields) {
        return RawClient.ask(port, head("/v1/chat/completions", body.length(), fields) + body);
    }

    /// The head of a request with a JSON body.
    static String head(String path, int length, String... fields) {
        StringBuilder head = new StringBuilder("POST " + path + " HTTP/1.1\r\nHost: localhost\r\n");
        for (String field : fields) head.append(field).append("\r\n");
        return head.append("Content-Type: application/json\r\nContent-Length: ")
                .append(length)
                .append("\r\n\r\n")
                .toString();
    }

    /// The code of an error in OpenAI's format.
    static String code(Answer answer) throws IOException {
        return new ObjectMapper().readTree(answer.body()).at("/error/code").asText();
    }

    /// Reads one of the operator's pages.
    static String page(Gateway gateway, String path) {
        return RawClient.ask(gateway.port(), "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n").body();
    }

    @Override
    public void close() {
        for (AutoCloseable one : open.reversed()) {
            try {
                one.close();
            } catch (Exception e) {
                throw new IllegalStateException("what a test opened can be closed", e);
            }
        }
    }
}
