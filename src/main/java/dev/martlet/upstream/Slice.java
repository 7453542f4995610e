package dev.martlet.upstream;

import dev.martlet.wire.Http1;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/// A part of a body that leaves in one write: as much as is there when its first bytes are, in a chunk if need be. Bytes
/// that trickle in do not cost a write, a packet and a look each.
final class Slice {
    private static final byte[] LINE_END = "\r\n".getBytes(StandardCharsets.ISO_8859_1);

    /// For the longest line before a chunk.
    private static final int BEFORE_BYTES = Http1.chunkLine(Sending.SLICE_BYTES).length;

    private final boolean chunked;
    private final byte[] bytes = new byte[BEFORE_BYTES + Sending.SLICE_BYTES + LINE_END.length];
    private int count;

    Slice(boolean chunked) {
        this.chunked = chunked;
    }

    /// Waits for content and takes what there is of it; false at the end.
    boolean fill(InputStream content) throws IOException {
        count = Math.max(0, content.read(bytes, BEFORE_BYTES, Sending.SLICE_BYTES));
        int more = count;
        while (more > 0 && count < Sending.SLICE_BYTES && content.available() > 0) {
            more = content.read(bytes, BEFORE_BYTES + count, Sending.SLICE_BYTES - count);
            count += Math.max(0, more);
        }
        return count > 0;
    }

    void push(Sending.Push push) throws IOException {
        if (!chunked) {
            push.write(bytes, BEFORE_BYTES, count);
            return;
        }
        byte[] line = Http1.chunkLine(count);
        int from = BEFORE_BYTES - line.length;
        System.arraycopy(line, 0, bytes, from, line.length);
        System.arraycopy(LINE_END, 0, bytes, BEFORE_BYTES + count, LINE_END.length);
        push.write(bytes, from, line.length + count + LINE_END.length);
    }
}
