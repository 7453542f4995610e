package dev.martlet.wire;

import java.io.IOException;

/// A body of a stated length.
final class LengthBody extends BodyStream {
    private long left;

    LengthBody(Source source, long bytes) {
        super(source);
        left = bytes;
    }

    @Override
    public boolean finished() {
        return left == 0;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
        if (left == 0) return -1;
        int count = source.read(into, from, (int) Math.min(length, left));
        if (count < 0) throw new Truncated("a body");
        left -= count;
        return count;
    }
}
