package dev.martlet.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.martlet.app.RawClient.Answer;
import dev.martlet.wire.Http1.RequestHead;
import dev.martlet.wire.RawRequest;

import org.junit.jupiter.api.DynamicTest;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/// A gateway with short deadlines and small limits, in front of one provider: for what clients do at the door.
final class Doorstep implements AutoCloseable {
    static final int DEADLINE_MILLIS = 500;
    static final int UPLOAD_BYTES_MAX = 64 << 10;

    private final FakeProvider provider;
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final Gateway gateway;

    /// In front of a provider that answers every request with its target.
    Doorstep() {
        this(peer -> {
            for (var next = peer.next(); next.isPresent(); next = peer.next()) {
                RequestHead head = next.get().head();
                String content = head.method().equals("HEAD") ? "" : head.target();
                peer.send("HTTP/1.1 200 OK\r\nContent-Length: " + head.target().length() + "\r\n\r\n" + content);
            }
        });
    }

    Doorstep(FakeProvider.Script script) {
        provider = new FakeProvider(script);
        String yaml =
                """
                server:
                  host: 127.0.0.1
                  port: 0
                  limits: {upload: %dB}
                  timeouts: {request-header: %2$dms, request-body: %2$dms}
                transparent:
                  services: ["http://127.0.0.1:%3$d", "http://localhost:%3$d"]
                """
                        .formatted(UPLOAD_BYTES_MAX, DEADLINE_MILLIS, provider.port());
        gateway = YamlGateway.startWhole(yaml, Map.of(), log);
    }

    int port() {
        return gateway.port();
    }

    /// The heads of all the requests that the provider got.
    List<RequestHead> seen() {
        return List.copyOf(provider.requests());
    }

    int providerPort() {
        return provider.port();
    }

    /// A test for each message of a family of the catalogue of faults.
    ///
    /// @param forwarded checks what the provider got for it
    Stream<DynamicTest> messages(String family, BiConsumer<RawRequest, RequestHead> forwarded) {
        return RawRequest.all().stream()
                .filter(request -> request.title().startsWith(family))
                .map(request ->
                        dynamicTest(
                                request.title(),
                                () -> answersAsItShould(request).forEach(head -> forwarded.accept(request, head))));
    }

    /// Sends the bytes, and checks the answer, what the provider saw, that a refusal ends the connection, and that the
    /// gateway serves on.
    ///
    /// @return the heads of the requests that the provider got for it
    private List<RequestHead> answersAsItShould(RawRequest request) throws IOException {
        int before = seen().size();
        boolean toHead = request.bytes().startsWith("HEAD ");
        try (RawClient client = new RawClient(port())) {
            client.upload(request.bytes(), new byte[0], 0, "");
            Answer answer = finalAnswer(client, toHead);
            assertTrue(request.statuses().contains(answer.status()), answer::head);
            assertTrue(answer.complete(), answer::head);
            if (answer.status() >= 400 && !isOnlyRefused(answer.status())) assertCloses(client, answer);
        }
        servesOn();
        List<RequestHead> seen = seen().subList(before, seen().size() - 1);
        assertEquals(request.isRefused() ? 0 : 1, seen.size(), seen::toString);
        assertTrue(seen.stream().noneMatch(head -> head.target().equals("/smuggled")));
        return seen;
    }

    /// A call that is well-formed and not offered here may leave its connection open.
    private static boolean isOnlyRefused(int status) {
        return status == 405 || status == 501 || status == 417;
    }

    /// Reads an answer, over `100 Continue`.
    static Answer finalAnswer(RawClient client, boolean toHead) {
        Answer answer = client.read(toHead);
        while (answer.status() < 200) answer = client.read(toHead);
        return answer;
    }

    /// Checks that the answer announced the end of its connection, and that it came, though the client stays.
    static void assertCloses(RawClient client, Answer answer) throws IOException {
        assertTrue(answer.says("Connection: close"), answer::head);
        try {
            assertTrue(client.ended(), "more than one answer");
        } catch (SocketException e) {
            // A reset behind the answer is an end too.
        }
    }

    /// Checks that another client is served as ever.
    void servesOn() {
        Answer answer = RawClient.get(port());
        assertEquals(200, answer.status(), answer::body);
        assertEquals("/v1/models", answer.body());
    }

    String log() {
        return log.toString(StandardCharsets.UTF_8);
    }

    void awaitLog(String part) {
        Wait.until(() -> log().contains(part), () -> "no " + part + " in " + log());
    }

    @Override
    public void close() {
        gateway.close();
        provider.close();
    }
}
