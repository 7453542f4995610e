package dev.martlet.wire;

import java.io.IOException;

/// A body that ends when the connection does.
final class RestBody extends BodyStream {
    private boolean ended;

    RestBody(Source source) {
        super(source);
    }

    @Override
    public boolean finished() {
        return ended;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
        int count = source.read(into, from, length);
        if (count < 0) ended = true;
        return count;
    }
}
