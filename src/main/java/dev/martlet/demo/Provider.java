package dev.martlet.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;

import dev.martlet.Fields;
import dev.martlet.wire.Http1;
import dev.martlet.wire.Source;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// One fake provider: listens, reads calls, answers in its format, and fails as its mood has it.
final class Provider implements AutoCloseable {
    private static final Http1.Limits LIMITS = new Http1.Limits(32 << 10, 100, 4 << 10, 16 << 20);
    private static final long BODY_BYTES_MAX = 16 << 20;
    private static final int BACKLOG = 512;

    private final ObjectMapper json = new ObjectMapper();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Format format;
    private final Mood mood;
    private final Duration pace;
    private final ServerSocket listener;
    private final Thread acceptor;

    /// @param pace the pause before an answer, and between the pieces of a stream
    Provider(Format format, Mood mood, Duration pace) {
        this.format = format;
        this.mood = mood;
        this.pace = pace;
        try {
            listener = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        acceptor = Thread.ofVirtual().start(this::accept);
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort());
    }

    @Override
    public void close() {
        closeQuietly(listener);
        awaitAcceptor(); // a thread that is about to accept keeps a closed listener open until it has noticed
        open.forEach(Provider::closeQuietly);
    }

    private void awaitAcceptor() {
        try {
            acceptor.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                open.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException e) {
            // Closed: the demo is over.
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            Source source = new Source((into, from, length) -> socket.getInputStream().read(into, from, length));
            boolean goesOn = true;
            while (goesOn) goesOn = exchange(source, socket.getOutputStream());
        } catch (IOException e) {
            // The gateway left, or sent what is no call: it closes the connection in both cases.
        } finally {
            open.remove(socket);
        }
    }

    /// One call and its answer; false when the connection ends.
    private boolean exchange(Source source, OutputStream out) throws IOException {
        Optional<Http1.RequestHead> read = Http1.readRequest(source, LIMITS);
        if (read.isEmpty()) return false;
        Http1.RequestHead head = read.get();
        if (head.expectsContinue()) out.write(Http1.head(100, "Continue", Fields.NONE));
        byte[] body = Http1.body(source, head.framing(), LIMITS, BODY_BYTES_MAX).readAllBytes();
        pause();
        return switch (mood.next()) {
            case ANSWER -> {
                send(out, answer(head, body));
                yield head.keepsAlive();
            }
            case UNAVAILABLE -> {
                send(out, format.refuse(503, "The made-up provider has had enough for the moment."));
                yield head.keepsAlive();
            }
            case NONSENSE -> hangUpAfter(out, Http1.head(999, "Nonsense", Fields.NONE));
            case HALF -> hangUpAfter(out, "HTTP/1.1 2".getBytes(StandardCharsets.US_ASCII));
        };
    }

    private static boolean hangUpAfter(OutputStream out, byte[] bytes) throws IOException {
        out.write(bytes);
        return false;
    }

    private Answer answer(Http1.RequestHead head, byte[] body) throws IOException {
        String target = head.target();
        int mark = target.indexOf('?');
        String path = mark < 0 ? target : target.substring(0, mark);
        String query = mark < 0 ? "" : target.substring(mark + 1);
        try {
            JsonNode content = body.length == 0 ? MissingNode.getInstance() : json.readTree(body);
            return format.answer(head.method(), path, query, content);
        } catch (JsonProcessingException e) {
            return format.refuse(400, "The body is not JSON.");
        }
    }

    private void send(OutputStream out, Answer answer) throws IOException {
        switch (answer) {
            case Answer.Whole(int status, JsonNode content) -> {
                byte[] bytes = json.writeValueAsBytes(content);
                Fields fields =
                        Fields.of("Content-Type", "application/json", "Content-Length", String.valueOf(bytes.length));
                write(out, Http1.head(status, status == 200 ? "OK" : "Demo", fields), bytes);
            }
            case Answer.Streamed(String mediaType, var pieces) -> {
                Fields fields = Fields.of("Content-Type", mediaType, "Transfer-Encoding", "chunked");
                out.write(Http1.head(200, "OK", fields));
                for (String piece : pieces) {
                    byte[] bytes = piece.getBytes(StandardCharsets.UTF_8);
                    write(out, Http1.chunkLine(bytes.length), bytes, "\r\n".getBytes(StandardCharsets.US_ASCII));
                    pause();
                }
                out.write(Http1.lastChunk());
            }
        }
    }

    /// In one write, so that a piece is a packet.
    private static void write(OutputStream out, byte[]... parts) throws IOException {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        for (byte[] part : parts) whole.writeBytes(part);
        whole.writeTo(out);
    }

    private void pause() throws IOException {
        try {
            Thread.sleep(pace);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static void closeQuietly(AutoCloseable what) {
        try {
            what.close();
        } catch (Exception e) {
            // It is gone either way.
        }
    }
}
