package dev.martlet.server;

import dev.martlet.Fields;
import dev.martlet.wire.Http1;
import dev.martlet.wire.Http1.Framing;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// The answer to one request, as it is written. What is written waits in a small buffer until it is full or flushed, so
/// that a head and the first bytes behind it leave together.
///
/// Methods throw [dev.martlet.ClientLeft] when the client does not take it.
public final class Outgoing {
    private static final byte[] LINE_END = "\r\n".getBytes(StandardCharsets.ISO_8859_1);

    private final Line line;
    private final Supplier<byte[]> room;
    private final Terms terms;
    private byte[] buffer = {};

    private int filled;
    private Framing framing = new Framing.None();
    private boolean started;
    private boolean finished;
    private boolean keeps;
    private long contentBytes;

    /// What holds for every answer on a connection.
    ///
    /// @param minor  the client's HTTP version: 0 takes no chunks
    /// @param always fields that every answer carries
    /// @param writeTime for the client to take what is written
    /// @param keep   whether the connection may stay open, asked when the head is made
    record Terms(int minor, boolean head, Fields always, Duration writeTime, BooleanSupplier keep) {}

    /// @param room what the buffer is taken from when the answer begins
    Outgoing(Line line, Supplier<byte[]> room, Terms terms) {
        this.line = line;
        this.room = room;
        this.terms = terms;
    }

    /// Makes the head. From here on there is no other answer.
    ///
    /// @param fields end-to-end fields; CORS, `x-request-id` and framing are added
    /// @param bodyFraming how the content ends; chunks become a close for a client of HTTP/1.0
    public void begin(int status, String reason, Fields fields, Framing bodyFraming) {
        if (started) throw new IllegalStateException("the answer has begun");
        started = true;
        buffer = room.get();
        boolean unchunkable = bodyFraming instanceof Framing.Chunked && terms.minor() == 0;
        framing = unchunkable ? new Framing.UntilClose() : bodyFraming;
        keeps = terms.keep().getAsBoolean() && !(framing instanceof Framing.UntilClose);
        Fields all = fields.and(terms.always());
        all =
                switch (framing) {
                    case Framing.Length(long bytes) -> all.with("Content-Length", Long.toString(bytes));
                    case Framing.Chunked _ -> all.with("Transfer-Encoding", "chunked");
                    case Framing.None _, Framing.UntilClose _ -> all;
                };
        if (!keeps) all = all.with("Connection", "close");
        else if (terms.minor() == 0) all = all.with("Connection", "keep-alive");
        if (framing instanceof Framing.UntilClose && !terms.head()) line.endsWithReset(true);
        put(Http1.head(status, reason, all));
        if (terms.head()) framing = new Framing.None();
    }

    /// Adds content; what a HEAD or a bodiless status cannot carry is dropped.
    public void write(byte[] bytes, int from, int length) {
        if (length == 0) return;
        switch (framing) {
            case Framing.None _ -> {}
            case Framing.Chunked _ -> {
                put(Http1.chunkLine(length));
                put(bytes, from, length);
                put(LINE_END);
            }
            case Framing.Length _, Framing.UntilClose _ -> put(bytes, from, length);
        }
        contentBytes += length;
    }

    /// Sends what waits.
    public void flush() {
        if (filled > 0) send(buffer, 0, filled);
        filled = 0;
    }

    /// The content is whole. An answer that is shorter than it said stays unfinished, and its connection is closed.
    public void finish() {
        if (framing instanceof Framing.Chunked) put(Http1.lastChunk());
        flush();
        if (framing instanceof Framing.UntilClose) line.endsWithReset(false);
        finished = !(framing instanceof Framing.Length(long bytes)) || bytes == contentBytes;
    }

    /// Sends a whole answer.
    public void send(Door.Page page) {
        begin(page.status(), Reasons.of(page.status()), page.fields(), new Framing.Length(page.content().length));
        write(page.content(), 0, page.content().length);
        finish();
    }

    /// Whether a head has been made.
    public boolean started() {
        return started;
    }

    /// Whether another request may follow on this connection.
    boolean keepsConnection() {
        return finished && keeps;
    }

    /// Lets the client send a body that it holds back (RFC 9110, section 15.2.1).
    void allowBody() {
        byte[] interim = Http1.head(100, "Continue", Fields.NONE);
        if (!started) send(interim, 0, interim.length);
    }

    private void put(byte[] bytes) {
        put(bytes, 0, bytes.length);
    }

    private void put(byte[] bytes, int from, int length) {
        if (length > buffer.length - filled) flush();
        if (length > buffer.length) {
            send(bytes, from, length);
            return;
        }
        System.arraycopy(bytes, from, buffer, filled, length);
        filled += length;
    }

    private void send(byte[] bytes, int from, int length) {
        line.write(bytes, from, length, terms.writeTime());
    }
}
