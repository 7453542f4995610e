package dev.martlet.app;

import dev.martlet.Fields;
import dev.martlet.wire.Http1;
import dev.martlet.wire.Source;
import dev.martlet.wire.Truncated;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// A client that is nothing but a socket: what it sends and what it gets are bytes.
final class RawClient implements AutoCloseable {
    static final String GET = "GET /v1/models HTTP/1.1\r\nHost: a\r\n\r\n";

    private static final int PATIENCE_MILLIS = 20_000;
    private static final Http1.Limits LIMITS = new Http1.Limits(64 << 10, 200, 0, Long.MAX_VALUE);

    /// An answer.
    ///
    /// @param head     from the status line to the empty line
    /// @param complete whether the body ended as its head said; one that ends with its connection always does
    record Answer(int status, Fields fields, String head, String body, boolean complete) {
        boolean says(String field) {
            return head.toLowerCase(Locale.ROOT).contains("\r\n" + field.toLowerCase(Locale.ROOT));
        }
    }

    private final Socket socket;
    private final InputStream in;
    private final Source source;

    RawClient(int port) {
        try {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.setTcpNoDelay(true);
            in = new BufferedInputStream(socket.getInputStream());
            source = unhurried(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A source that never reads ahead, so that what is behind a message can be looked at byte by byte.
    static Source unhurried(InputStream in) {
        return new Source((into, from, _) -> in.read(into, from, 1));
    }

    /// Sends one request without a body on a connection of its own.
    static Answer get(int port) {
        return ask(port, GET);
    }

    /// Sends one request on a connection of its own.
    static Answer ask(int port, String bytes) {
        try (RawClient client = new RawClient(port)) {
            client.send(bytes);
            return client.read();
        }
    }

    void send(String bytes) {
        try {
            send(bytes.getBytes(StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /// Sends a request with a JSON body; a GET has none.
    void send(String method, String path, String body) throws IOException {
        byte[] content = body.getBytes(StandardCharsets.UTF_8);
        Fields fields = Fields.of("Host", "gateway", "Content-Type", "application/json");
        boolean bodiless = content.length == 0 && method.equals("GET");
        Fields framed = bodiless ? fields : fields.with("Content-Length", Integer.toString(content.length));
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        message.write(Http1.head(method, path, framed));
        message.write(content);
        send(message.toByteArray());
    }

    /// Sends from another thread for as long as the gateway takes it.
    void upload(String head, byte[] part, int times, String end) {
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        send(head.getBytes(StandardCharsets.ISO_8859_1));
                        for (int i = 0; i < times; i++) send(part);
                        send(end.getBytes(StandardCharsets.ISO_8859_1));
                    } catch (IOException e) {
                        // The gateway has had enough.
                    }
                });
    }

    /// Sends a body of so many MiB from another thread for as long as the gateway takes it.
    void upload(int mebibytes, boolean chunked) {
        byte[] mebibyte = new byte[1 << 20];
        String head = "POST /v1/files HTTP/1.1\r\nHost: a\r\n";
        if (!chunked) {
            upload(head + "Content-Length: " + ((long) mebibytes << 20) + "\r\n\r\n", mebibyte, mebibytes, "");
            return;
        }
        ByteArrayOutputStream chunk = new ByteArrayOutputStream();
        chunk.writeBytes(Http1.chunkLine(mebibyte.length));
        chunk.writeBytes(mebibyte);
        chunk.writeBytes("\r\n".getBytes(StandardCharsets.ISO_8859_1));
        upload(head + "Transfer-Encoding: chunked\r\n\r\n", chunk.toByteArray(), mebibytes, "0\r\n\r\n");
    }

    /// Reads a whole answer to a request that is not a HEAD.
    Answer read() {
        return read(false);
    }

    Answer read(boolean toHead) {
        try {
            Http1.ResponseHead head =
                    Http1.readResponse(source, LIMITS).orElseThrow(() -> new IOException("ended without an answer"));
            InputStream content = Http1.body(source, head.framing(toHead ? "HEAD" : "GET"), LIMITS, Long.MAX_VALUE);
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            boolean complete = arrives(content, body);
            String text =
                    new String(Http1.head(head.status(), head.reason(), head.fields()), StandardCharsets.ISO_8859_1);
            return new Answer(head.status(), head.fields(), text, body.toString(StandardCharsets.UTF_8), complete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Reads until these bytes have come; gives all that came.
    String await(String bytes) throws IOException {
        StringBuilder seen = new StringBuilder();
        while (seen.indexOf(bytes) < 0) {
            int next = in.read();
            if (next < 0) throw new IOException("ended before " + bytes + ": " + seen);
            seen.append((char) next);
        }
        return seen.toString();
    }

    /// Whether there is something to read.
    boolean hasMore() throws IOException {
        return in.available() > 0;
    }

    /// Reads and forgets so many bytes.
    void skip(long bytes) throws IOException {
        in.skipNBytes(bytes);
    }

    /// All bytes until the connection ends.
    String rest() throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    /// Sends nothing more, and says so.
    void endSending() throws IOException {
        socket.shutdownOutput();
    }

    /// Leaves with a reset.
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /// Whether nothing but the end of the connection follows.
    boolean ended() throws IOException {
        return in.read() < 0;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Whether all of it came; what came before a cut is kept.
    private static boolean arrives(InputStream content, ByteArrayOutputStream body) throws IOException {
        try {
            content.transferTo(body);
            return true;
        } catch (Truncated e) {
            return false;
        }
    }
}
