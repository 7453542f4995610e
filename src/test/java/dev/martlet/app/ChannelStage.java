package dev.martlet.app;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/// A gateway and the providers behind its channels, for tests that look at both sides.
final class ChannelStage {
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

    /// A channel as YAML.
    static String channel(String name, FakeProvider provider, String... lines) {
        StringBuilder yaml = new StringBuilder("  - name: " + name + "\n");
        yaml.append("    url: http://127.0.0.1:").append(provider.port()).append("/v1\n");
        for (String line : lines) yaml.append("    ").append(line).append('\n');
        return yaml.toString();
    }

    /// A provider that answers each request when it has come whole.
    FakeProvider provider(Function<FakeProvider.Request, String> answer) {
        FakeProvider provider =
                new FakeProvider(peer -> {
                    for (var request = peer.next(); request.isPresent(); request = peer.next()) {
                        requests.add(request.get());
                        peer.send(answer.apply(request.get()));
                    }
                });
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
        List<String> found = List.of();
        while (found.size() < count) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
            found = lines().stream().filter(line -> line.contains(part)).toList();
        }
        return found;
    }

    /// An answer with a JSON body.
    static String json(int status, String body, String... fields) {
        int length = body.getBytes(StandardCharsets.UTF_8).length;
        StringBuilder answer = new StringBuilder("HTTP/1.1 " + status + " X\r\nContent-Type: application/json\r\n");
        for (String field : fields) answer.append(field).append("\r\n");
        return answer + "Content-Length: " + length + "\r\n\r\n" + body;
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
    static RawClient.Answer ask(Gateway gateway, String model, String... fields) {
        String body = "{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}";
        StringBuilder head = new StringBuilder("POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\n");
        for (String field : fields) head.append(field).append("\r\n");
        head.append("Content-Type: application/json\r\nContent-Length: ").append(body.length()).append("\r\n\r\n");
        return RawClient.ask(gateway.port(), head + body);
    }

    /// Reads one of the operator's pages.
    static String page(Gateway gateway, String path) {
        return RawClient.ask(gateway.port(), "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n").body();
    }

    void close() throws Exception {
        for (AutoCloseable one : open.reversed()) one.close();
    }
}
