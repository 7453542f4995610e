package dev.martlet.wire;

import java.io.IOException;
import java.io.InputStream;

/// The content of a body, without its framing. Ends with -1 only when the framing says that it is whole.
///
/// Reads throw [Truncated] when the connection ends first and [Malformed] when the framing is broken.
public abstract sealed class BodyStream extends InputStream permits ChunkedBody, LengthBody, RestBody {
    final Source source;

    BodyStream(Source source) {
        this.source = source;
    }

    /// Whether the end of the body has been read.
    public abstract boolean finished();

    @Override
    public abstract int read(byte[] into, int from, int length) throws IOException;

    /// Content that can be read without waiting, at least in part; zero means that the next read may block.
    @Override
    public int available() {
        return finished() ? 0 : source.buffered();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }
}
