package dev.martlet.upstream;

import dev.martlet.wire.Source;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/// An open connection to an origin, plain or encrypted. Used by one exchange at a time; only [#close()] may come from elsewhere.
final class Connection {
    private static final int PROBE_MILLIS = 1;

    /// Who asks for bytes while no exchange is under way.
    private static final Source.Pull NOBODY = (_, _, _) -> -1;

    private final Origin origin;
    private final SocketChannel channel;
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final long openedAt = System.nanoTime();
    private final Source source = new Source((into, from, length) -> this.pull.read(into, from, length));
    private Source.Pull pull = NOBODY;
    private long restingSince;

    /// @param socket speaks for the channel: its own adaptor, or the TLS layer above it
    Connection(Origin origin, SocketChannel channel, Socket socket) throws IOException {
        this.origin = origin;
        this.channel = channel;
        this.socket = socket;
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
    }

    Origin origin() {
        return origin;
    }

    /// Blocks until something comes or somebody closes the connection.
    ///
    /// @param millisMax to block; 0 for as long as it takes, which costs two wake-ups less
    /// @throws SocketTimeoutException when nothing has come by then; the next read goes on as if this one had not been
    int read(byte[] into, int from, int length, int millisMax) throws IOException {
        socket.setSoTimeout(millisMax);
        return in.read(into, from, length);
    }

    void write(byte[] bytes, int from, int length) throws IOException {
        out.write(bytes, from, length);
    }

    /// Whether the peer has kept quiet, as a resting connection should: neither closed it nor said anything unasked.
    boolean isQuiet() {
        try {
            channel.configureBlocking(false);
            boolean quiet = channel.read(ByteBuffer.allocate(1)) == 0;
            channel.configureBlocking(true);
            return quiet;
        } catch (IOException e) {
            return false;
        }
    }

    /// The buffer over this connection, filled from now on by the given exchange.
    Source source(Source.Pull exchange) {
        pull = exchange;
        return source;
    }

    /// Whether content from the peer is here already. Behind TLS, records without content are taken and passed over.
    boolean answersNow() throws IOException {
        if (source.buffered() > 0) return true;
        if (channel.socket().getInputStream().available() == 0) return false;
        Source.Pull exchange = pull;
        pull = (into, from, length) -> read(into, from, length, PROBE_MILLIS);
        try {
            return source.fill();
        } catch (SocketTimeoutException e) {
            return false;
        } finally {
            pull = exchange;
        }
    }

    /// Between two exchanges it holds nothing of either: the body of a request may be large.
    void rest() {
        pull = NOBODY;
        restingSince = System.nanoTime();
    }

    long restingNanos() {
        return System.nanoTime() - restingSince;
    }

    long ageNanos() {
        return System.nanoTime() - openedAt;
    }

    /// Closes the channel below any TLS layer: never blocks, and wakes whoever is reading or writing.
    void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // It is gone either way.
        }
    }
}
