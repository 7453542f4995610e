package dev.martlet.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.martlet.app.RawClient.Answer;
import dev.martlet.wire.Http1.Framing;
import dev.martlet.wire.Http1.RequestHead;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/// Requests that two readers could take for two different things (the rows F of the catalogue of faults), sent to a running
/// gateway byte for byte. The table of them is `framing/requests.txt`; here is what bytes alone do not show.
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FramingFaultsTest {
    private static final String POST = "POST /f HTTP/1.1\r\nHost: a\r\n";
    private static final List<String> HOP_BY_HOP =
            List.of("Connection", "Keep-Alive", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "HTTP2-Settings");

    private final Doorstep doorstep = new Doorstep();

    @BeforeAll
    void serves() {
        doorstep.servesOn();
    }

    @AfterAll
    void closes() {
        doorstep.close();
    }

    @TestFactory
    @DisplayName("F-1 to F-19, one message each")
    Stream<DynamicTest> messages() {
        return doorstep.messages("F-", (_, head) -> assertPlain(head));
    }

    /// What is forwarded says once where it ends, and nothing that was meant for the connection.
    private static void assertPlain(RequestHead head) {
        assertTrue(HOP_BY_HOP.stream().noneMatch(head.fields()::has), head::toString);
        assertTrue(head.fields().all("Content-Length").size() <= 1, head::toString);
        assertEquals(1, head.fields().all("Host").size(), head::toString);
        assertEquals(1, head.fields().all("x-request-id").size(), head::toString);
    }

    @ParameterizedTest
    @DisplayName("F-12, F-13 extensions and trailers are not forwarded, and the body is what its chunks hold")
    @ValueSource(strings = {"5;a=hidden\r\nhello\r\n0\r\n\r\n", "5\r\nhello\r\n0\r\nX-Hidden: 1\r\n\r\n"})
    void forwardsContentAlone(String chunks) {
        RequestHead head = forwarded(POST + "Transfer-Encoding: chunked\r\n\r\n" + chunks);
        assertFalse(head.fields().has("X-Hidden"), head::toString);
        assertEquals(new Framing.Length(5), head.framing());
    }

    @Test
    @DisplayName("F-15 the Host goes no further: the service's own is sent")
    void replacesTheHost() {
        RequestHead head = forwarded("GET /f HTTP/1.1\r\nHost: elsewhere.example\r\nX-Forwarded-Host: a\r\n\r\n");
        String host = head.fields().first("Host").orElseThrow();
        assertTrue(host.endsWith(":" + doorstep.providerPort()), host);
    }

    @Test
    @DisplayName("F-16 100 Continue once, and then the body is awaited")
    void asksForTheBodyOnce() throws IOException {
        try (RawClient client = new RawClient(doorstep.port())) {
            client.send(POST + "Content-Length: 5\r\nExpect: 100-continue\r\n\r\n");
            assertEquals(100, client.read().status());
            client.send("hello");
            assertEquals(200, client.read().status());
            client.send("GET /f HTTP/1.1\r\nHost: a\r\n\r\n");
            assertEquals(200, client.read().status(), "the connection is still in step");
        }
    }

    @ParameterizedTest
    @DisplayName("F-16 what is refused by its head is not asked for its body")
    @ValueSource(
            strings = {
                "POST /f HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n",
                "POST /admin HTTP/1.1\r\nHost: a\r\n",
                "FOO /f HTTP/1.1\r\nHost: a\r\n"
            })
    void asksForNoBodyThatItRefuses(String head) throws IOException {
        try (RawClient client = new RawClient(doorstep.port())) {
            client.send(head + "Content-Length: 5\r\nExpect: 100-continue\r\n\r\n");
            Answer answer = client.read();
            assertTrue(answer.status() >= 400, answer::head);
            Doorstep.assertCloses(client, answer);
        }
    }

    @Test
    @DisplayName("F-16 a body over the limit is refused and not asked for")
    void asksForNoBodyThatIsTooLarge() throws IOException {
        try (RawClient client = new RawClient(doorstep.port())) {
            client.send(POST + "Content-Length: 1000000\r\nExpect: 100-continue\r\n\r\n");
            Answer answer = client.read();
            assertEquals(413, answer.status(), answer::head);
            Doorstep.assertCloses(client, answer);
        }
    }

    @Test
    @DisplayName("F-17 what Connection names stays here, but not what the gateway itself adds")
    void keepsItsOwnHeaders() {
        String fields =
                "X-Private: 1\r\nX-Public: 1\r\nConnection: close, x-private, host, x-request-id, content-length";
        RequestHead head = forwarded("GET /f HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n\r\n");
        assertFalse(head.fields().has("X-Private"), head::toString);
        assertTrue(head.fields().has("X-Public"), head::toString);
        assertPlain(head);
    }

    @Test
    @DisplayName("F-18 HEAD is answered like GET, without the body")
    void answersHeadLikeGet() throws IOException {
        try (RawClient client = new RawClient(doorstep.port())) {
            client.send("GET /f HTTP/1.1\r\nHost: a\r\nx-request-id: same\r\n\r\n");
            Answer get = client.read();
            client.send("HEAD /f HTTP/1.1\r\nHost: a\r\nx-request-id: same\r\n\r\n");
            Answer head = client.read(true);
            assertEquals(lines(get.head()), lines(head.head()));
            client.send("GET /g HTTP/1.1\r\nHost: a\r\n\r\n");
            assertEquals("/g", client.read().body(), "something stood behind the answer to HEAD");
        }
    }

    private static List<String> lines(String head) {
        return head.lines().sorted().toList();
    }

    @Test
    @DisplayName("F-18 OPTIONS with a body is answered here, and the body is not taken for a request")
    void readsNoRequestOutOfABody() throws IOException {
        int before = doorstep.seen().size();
        try (RawClient client = new RawClient(doorstep.port())) {
            String smuggled = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
            client.send(
                    "OPTIONS /f HTTP/1.1\r\nHost: a\r\nContent-Length: " + smuggled.length() + "\r\n\r\n" + smuggled);
            assertEquals(204, client.read().status());
            assertTrue(client.ended());
        }
        doorstep.servesOn();
        assertEquals(before + 1, doorstep.seen().size());
    }

    @ParameterizedTest
    @DisplayName("F-20 a refusal is read by a client that still uploads 30 MB")
    @ValueSource(booleans = {false, true})
    void refusesAnUploadAudibly(boolean chunked) throws IOException {
        byte[] mebibyte = new byte[1 << 20];
        String framing = chunked ? "Transfer-Encoding: chunked\r\n\r\n1e00000\r\n" : "Content-Length: 31457280\r\n\r\n";
        try (RawClient client = new RawClient(doorstep.port())) {
            client.upload(POST + framing, mebibyte, 30, chunked ? "\r\n0\r\n\r\n" : "");
            Answer answer = client.read();
            assertEquals(413, answer.status(), answer::head);
            assertTrue(answer.complete());
            assertTrue(answer.says("Connection: close"), answer::head);
        }
        doorstep.servesOn();
    }

    /// Sends a request that is served, and gives the head that the provider got.
    private RequestHead forwarded(String bytes) {
        int before = doorstep.seen().size();
        Answer answer = RawClient.ask(doorstep.port(), bytes);
        assertEquals(200, answer.status(), answer::body);
        assertEquals(before + 1, doorstep.seen().size());
        return doorstep.seen().getLast();
    }
}
