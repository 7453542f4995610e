package dev.martlet.wire;

import java.io.IOException;
import java.util.Arrays;

/// A small buffer over a stream of bytes, so that a head can be looked at as a whole before it is taken.
///
/// Not for more than one thread at a time.
public final class Source {
    private static final int START_BYTES = 4 << 10;

    /// Where the bytes come from: blocks until there is at least one, -1 at the end.
    @FunctionalInterface
    public interface Pull {
        int read(byte[] into, int from, int length) throws IOException;
    }

    private final Pull pull;
    private byte[] buffer = new byte[START_BYTES];
    private int from;
    private int to;

    public Source(Pull pull) {
        this.pull = pull;
    }

    /// How many bytes are here without asking for more.
    public int buffered() {
        return to - from;
    }

    /// Asks for more bytes once; false at the end of the stream.
    public boolean fill() throws IOException {
        return fill(buffer.length);
    }

    /// Asks for more bytes once; false at the end of the stream. Grows when all the room is taken, up to `bytesMax`.
    boolean fill(int bytesMax) throws IOException {
        if (from == to) {
            from = 0;
            to = 0;
        } else if (to == buffer.length && from > 0) {
            System.arraycopy(buffer, from, buffer, 0, to - from);
            to -= from;
            from = 0;
        }
        if (to == buffer.length) buffer = Arrays.copyOf(buffer, Math.clamp(buffer.length * 2L, START_BYTES, bytesMax));
        int count = pull.read(buffer, to, buffer.length - to);
        if (count <= 0) return false;
        to += count;
        return true;
    }

    /// The byte at this offset from the front, not taken; the offset is less than [#buffered()].
    byte at(int offset) {
        return buffer[from + offset];
    }

    /// The text of a part of what is buffered, an octet a character; not taken.
    @SuppressWarnings("deprecation") // the one constructor that makes Latin-1 text without a decoder
    String text(int start, int end) {
        return new String(buffer, 0, from + start, end - start);
    }

    void skip(int count) {
        from += count;
    }

    /// Takes bytes: those that are here, else what one read brings, past the buffer when the caller's is as large. -1 at the end.
    int read(byte[] into, int start, int length) throws IOException {
        if (from == to) {
            if (length >= buffer.length) return pull.read(into, start, length);
            if (!fill(buffer.length)) return -1;
        }
        int count = Math.min(length, to - from);
        System.arraycopy(buffer, from, into, start, count);
        from += count;
        return count;
    }

    /// Takes one byte; -1 at the end.
    int read() throws IOException {
        if (from == to && !fill(buffer.length)) return -1;
        return buffer[from++] & 0xFF;
    }
}
