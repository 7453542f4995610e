package dev.martlet.wire;

import dev.martlet.Field;
import dev.martlet.wire.Http1.Limits;

import java.io.IOException;

/// A body in chunks (RFC 9112, section 7.1). Extensions and trailers are read within limits and dropped.
///
/// ```
///          size line          data              CR LF
///  SIZE ------------> DATA ----------> (left=0) ------> SIZE
///    \ size 0
///     `-----> trailer lines, empty line -----> DONE
/// ```
final class ChunkedBody extends BodyStream {
    private static final int SIZE_DIGITS_MAX = 15;
    private static final int SIZE_LINE_BYTES_MAX = 256;
    private static final int TRAILER_BYTES_MAX = 8 << 10;

    private final Limits limits;
    private final long bytesMax;
    private long bytes;
    private long left;
    private boolean inChunk;
    private boolean done;

    ChunkedBody(Source source, Limits limits, long bytesMax) {
        super(source);
        this.limits = limits;
        this.bytesMax = bytesMax;
    }

    @Override
    public boolean finished() {
        return done;
    }

    /// Content that is here for certain: an incomplete size line counts for nothing, or an event in front of it would wait.
    @Override
    public int available() {
        if (left > 0) return (int) Math.min(left, source.buffered());
        return !done && !inChunk && nextChunkIsHere() ? 1 : 0;
    }

    private boolean nextChunkIsHere() {
        int seen = Math.min(source.buffered() - 1, SIZE_DIGITS_MAX + 2);
        for (int i = 0; i < seen; i++) {
            if (source.at(i) == '\n') return source.at(0) != '0';
        }
        return false;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
        if (done) return -1;
        if (left == 0) {
            if (inChunk) expectLineEnd();
            left = sizeLine();
            inChunk = left > 0;
            if (left == 0) {
                skipTrailers();
                done = true;
                return -1;
            }
        }
        int count = source.read(into, from, (int) Math.min(length, left));
        if (count < 0) throw new Truncated("a chunk");
        left -= count;
        if (left == 0 && source.buffered() >= 2) endChunkEarly();
        return count;
    }

    /// Takes the end of the chunk, and of the body, when they are here already: the reader then knows that nothing waits.
    private void endChunkEarly() throws IOException {
        expectLineEnd();
        inChunk = false;
        boolean lastChunkHere = source.buffered() == 5 && source.text(0, 5).equals("0\r\n\r\n");
        if (lastChunkHere) {
            source.skip(5);
            done = true;
        }
    }

    private long sizeLine() throws IOException {
        long size = 0;
        int digits = 0;
        int octet = next();
        for (int digit = Character.digit(octet, 16); digit >= 0 && octet < 0x80; digit = Character.digit(octet, 16)) {
            size = size * 16 + digit;
            if (++digits > SIZE_DIGITS_MAX) throw Malformed.because("a chunk's size has too many digits");
            octet = next();
        }
        if (digits == 0) throw Malformed.because("a chunk has no size");
        if (octet == ';') octet = skipExtension();
        if (octet != '\r' || next() != '\n') throw Malformed.because("a chunk's size line does not end with CR LF");
        if (size > limits.chunkBytes()) throw Malformed.because("a chunk is larger than " + limits.chunkBytes());
        bytes += size;
        if (bytes > bytesMax) throw new Malformed(413, "the body is larger than " + bytesMax + " bytes");
        return size;
    }

    /// Skips `;name=value…` up to the CR, which is returned.
    private int skipExtension() throws IOException {
        for (int count = 0; count < SIZE_LINE_BYTES_MAX; count++) {
            int octet = next();
            if (octet == '\r') return octet;
            if (isControl(octet)) {
                throw Malformed.because("a chunk extension has a control character");
            }
        }
        throw Malformed.because("a chunk extension is longer than " + SIZE_LINE_BYTES_MAX + " bytes");
    }

    /// Trailers are header lines too: what is none of them could be a request to another reader.
    private void skipTrailers() throws IOException {
        int nameBytes = 0;
        boolean inName = true;
        for (int count = 0; count < TRAILER_BYTES_MAX; count++) {
            int octet = next();
            if (octet == '\r') {
                if (next() != '\n') throw Malformed.because("a trailer line does not end with CR LF");
                if (inName && nameBytes == 0) return;
                if (inName) throw Malformed.because("a trailer line has no colon");
                nameBytes = 0;
                inName = true;
            } else if (inName && octet == ':' && nameBytes > 0) {
                inName = false;
            } else if (inName ? !Field.isToken(Character.toString(octet)) : isControl(octet)) {
                throw Malformed.because("a trailer has a character that is not allowed");
            } else {
                nameBytes++;
            }
        }
        throw Malformed.because("the trailers are larger than " + TRAILER_BYTES_MAX + " bytes");
    }

    private static boolean isControl(int octet) {
        return (octet < ' ' && octet != '\t') || octet == 0x7F;
    }

    private void expectLineEnd() throws IOException {
        if (next() != '\r' || next() != '\n') throw Malformed.because("a chunk's data does not end with CR LF");
    }

    private int next() throws IOException {
        int octet = source.read();
        if (octet < 0) throw new Truncated("a chunked body");
        return octet;
    }
}
