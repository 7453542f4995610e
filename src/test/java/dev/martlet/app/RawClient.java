package dev.martlet.app;

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
    private static final int PATIENCE_MILLIS = 15_000;

    /// An answer.
    ///
    /// @param head     from the status line to the empty line
    /// @param complete whether the body ended as its head said
    record Answer(int status, String head, String body, boolean complete) {
        boolean says(String field) {
            return head.toLowerCase(Locale.ROOT).contains("\r\n" + field.toLowerCase(Locale.ROOT));
        }
    }

    private final Socket socket;
    private final InputStream in;

    RawClient(int port) {
        try {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.setTcpNoDelay(true);
            in = new BufferedInputStream(socket.getInputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Sends one request without a body on a connection of its own.
    static Answer get(int port) {
        return ask(port, "GET /v1/models HTTP/1.1\r\nHost: a\r\n\r\n");
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

    /// Reads a whole answer to a request that is not a HEAD.
    Answer read() {
        return read(false);
    }

    Answer read(boolean toHead) {
        try {
            String head = readHead();
            int status = Integer.parseInt(head.substring(9, 12));
            String fields = head.toLowerCase(Locale.ROOT);
            if (toHead || status == 204 || status == 304) return new Answer(status, head, "", true);
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            boolean complete = readBody(fields, body);
            return new Answer(status, head, body.toString(StandardCharsets.UTF_8), complete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Reads up to the empty line; shorter when the connection ends before.
    String readHead() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int next = in.read(); next >= 0; next = in.read()) {
            bytes.write(next);
            if (next == '\n' && bytes.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) break;
        }
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }

    /// Reads until these bytes have come.
    void await(String bytes) throws IOException {
        StringBuilder seen = new StringBuilder();
        while (seen.indexOf(bytes) < 0) {
            int next = in.read();
            if (next < 0) throw new IOException("ended before " + bytes + ": " + seen);
            seen.append((char) next);
        }
    }

    /// Reads and forgets so many bytes.
    void skip(long bytes) throws IOException {
        in.skipNBytes(bytes);
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

    private boolean readBody(String fields, ByteArrayOutputStream body) throws IOException {
        if (fields.contains("\r\ntransfer-encoding: chunked\r\n")) return readChunks(body);
        int at = fields.indexOf("\r\ncontent-length: ");
        if (at < 0) {
            in.transferTo(body);
            return true;
        }
        int from = at + "\r\ncontent-length: ".length();
        int length = Integer.parseInt(fields.substring(from, fields.indexOf('\r', from)));
        body.writeBytes(in.readNBytes(length));
        return body.size() == length;
    }

    private boolean readChunks(ByteArrayOutputStream body) throws IOException {
        for (String line = line(); !line.isEmpty(); line = line()) {
            int size = Integer.parseInt(line, 16);
            byte[] content = in.readNBytes(size);
            body.writeBytes(content);
            if (content.length < size) return false;
            if (!line().isEmpty()) throw new IOException("a chunk is longer than it says");
            if (size == 0) return true;
        }
        return false;
    }

    /// A line without its end; empty at the end of the stream.
    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
            if (next != '\r') line.append((char) next);
        }
        return line.toString();
    }
}
