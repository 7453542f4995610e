package dev.martlet.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.martlet.app.RawClient.Answer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// A gateway with one service, `svc`, and the recorder in its place.
final class ServiceStage implements AutoCloseable {
    private final ChannelStage stage = new ChannelStage();

    /// A recorder that answers each request when it has come whole.
    FakeProvider recorder(Function<FakeProvider.Request, String> answer) {
        return stage.provider(answer);
    }

    /// A service that does what a script says.
    FakeProvider scripted(FakeProvider.Script script) {
        FakeProvider provider = new FakeProvider(script);
        stage.add(provider);
        return provider;
    }

    /// @param keys of the service, besides its host
    Gateway gateway(FakeProvider provider, String keys, String... yaml) {
        String host = "host: 'http://127.0.0.1:" + provider.port() + "'";
        String entry = "services: {svc: {" + host + (keys.isEmpty() ? "" : ", " + keys) + "}}\n";
        return gateway(entry + String.join("\n", yaml) + "\n", Map.of());
    }

    Gateway gateway(String yaml, Map<String, String> environment) {
        return stage.gateway(yaml, environment);
    }

    /// What the recorders were asked.
    List<FakeProvider.Request> requests() {
        return stage.requests();
    }

    /// Waits for the log line of a call.
    String line() {
        return stage.awaitLines(1, " surface=services ").getFirst();
    }

    /// Waits for so many log lines of calls.
    List<String> lines(int count) {
        return stage.awaitLines(count, " surface=services ");
    }

    static Answer get(Gateway gateway, String path, String... fields) {
        return send(gateway, "GET", path, "", fields);
    }

    static Answer post(Gateway gateway, String path, String body, String... fields) {
        return send(gateway, "POST", path, body, fields);
    }

    static Answer send(Gateway gateway, String method, String path, String body, String... fields) {
        return RawClient.ask(gateway.port(), request(method, path, body, fields));
    }

    static String request(String method, String path, String body, String... fields) {
        StringBuilder head = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n");
        for (String field : fields) head.append(field).append("\r\n");
        if (!body.isEmpty()) head.append("Content-Length: ").append(body.getBytes(StandardCharsets.UTF_8).length);
        return head + (body.isEmpty() ? "\r\n" : "\r\n\r\n") + body;
    }

    /// The `error` of an answer.
    static JsonNode error(Answer answer) {
        return json(answer).path("error");
    }

    static JsonNode json(Answer answer) {
        try {
            return new ObjectMapper().readTree(answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        stage.close();
    }
}
