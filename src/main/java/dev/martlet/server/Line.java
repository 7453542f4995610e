package dev.martlet.server;

import dev.martlet.ClientLeft;
import dev.martlet.Deadline;
import dev.martlet.Departure;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/// The bytes of one client, plain or behind TLS. A read has its own time limit; whatever else may take too long is bounded
/// by a time that [Crowd] looks at, because neither a handshake nor a write knows a timeout.
final class Line {
    private static final String[] PROTOCOLS = {"http/1.1"};
    private static final Duration RECORD = Duration.ofSeconds(1);
    private static final String[] VERSIONS = {"TLSv1.3", "TLSv1.2"};

    private final SocketChannel channel;
    private final InetAddress peer;
    private Socket socket;
    private InputStream in;
    private OutputStream out;

    /// When the line is cut ([System#nanoTime]); only while there is a hurry.
    private volatile long dueAt;

    private volatile boolean due;

    private volatile Departure departure = Departure.LEFT;

    /// Whether an answer is under way of which only its end would tell that it is whole.
    private volatile boolean unfinished;

    Line(SocketChannel channel) {
        this.channel = channel;
        try {
            this.peer =
                    channel.getRemoteAddress() instanceof InetSocketAddress inet
                            ? inet.getAddress()
                            : InetAddress.getLoopbackAddress();
            this.socket = channel.socket();
            this.in = socket.getInputStream();
            this.out = socket.getOutputStream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Shakes hands; from here on the bytes are encrypted.
    void encrypt(SSLContext context) throws IOException {
        SSLSocket tls = (SSLSocket) context.getSocketFactory().createSocket(socket, null, true);
        SSLParameters parameters = tls.getSSLParameters();
        parameters.setApplicationProtocols(PROTOCOLS);
        parameters.setProtocols(VERSIONS);
        parameters.setUseCipherSuitesOrder(true);
        tls.setSSLParameters(parameters);
        tls.startHandshake();
        socket = tls;
        in = tls.getInputStream();
        out = tls.getOutputStream();
    }

    InetAddress peer() {
        return peer;
    }

    /// Reads at least one byte, -1 at the end; without a deadline for as long as nobody cuts the line.
    ///
    /// TLS reads on until a record is whole, and its timeout begins anew with each piece: a record that dribbles in is cut.
    int read(byte[] into, int from, int length, Optional<Deadline> deadline) throws IOException {
        socket.setSoTimeout(deadline.map(Deadline::leftMillis).orElse(0));
        boolean couldDribble = deadline.isPresent() && socket instanceof SSLSocket;
        if (!couldDribble) return in.read(into, from, length);
        dueIn(Duration.ofMillis(socket.getSoTimeout()).plus(RECORD));
        try {
            return in.read(into, from, length);
        } finally {
            notDue();
        }
    }

    /// @throws ClientLeft when the client does not take it, or not within this time
    void write(byte[] bytes, int from, int length, Duration time) {
        dueIn(time);
        try {
            out.write(bytes, from, length);
        } catch (IOException e) {
            throw new ClientLeft(departure);
        } finally {
            notDue();
        }
    }

    /// From now on there is so much time for what comes next.
    void dueIn(Duration time) {
        dueAt = System.nanoTime() + time.toNanos();
        due = true;
    }

    void notDue() {
        due = false;
    }

    /// Cuts the line if its time is over. For any thread.
    void cutWhenDue() {
        if (due && System.nanoTime() - dueAt >= 0) cut(Departure.STALLED);
    }

    /// The line will be cut soon; whoever writes has time for a last word.
    void announceCut() {
        departure = Departure.CUT;
    }

    /// Tells a client that has asked for nothing that nothing more will come, and is cut when it is silent about it for so
    /// long. What it asks in this moment is still taken in, unanswered: a line that is closed would answer with a reset, from
    /// which nobody learns that the question may be put again. For any thread.
    void hangUp(Duration patience) {
        dueIn(patience);
        try {
            channel.shutdownOutput();
        } catch (IOException e) {
            cut(Departure.LEFT);
        }
    }

    /// Ends the line without a word: whoever reads or writes is woken. For any thread.
    void cut(Departure how) {
        departure = how;
        try {
            channel.close();
        } catch (IOException e) {
            // it is gone either way
        }
    }

    /// While this holds, the end of the line is a reset: a proper one would say that the answer is whole.
    void endsWithReset(boolean reset) {
        try {
            channel.setOption(StandardSocketOptions.SO_LINGER, reset ? 0 : -1);
        } catch (IOException e) {
            // closed: it has ended one way or the other
        }
        unfinished = reset;
    }

    /// How the client came to be gone, once it is.
    Departure departure() {
        return departure;
    }

    /// Tells the client that nothing more will come; it may go on sending. Behind an answer that is not whole, that would
    /// say that it is.
    void endOutput() throws IOException {
        if (unfinished) cut(departure);
        else socket.shutdownOutput();
    }

    /// Ends the line properly.
    void close() {
        if (unfinished) {
            cut(departure);
            return;
        }
        try {
            socket.close();
        } catch (IOException e) {
            cut(departure);
        }
    }
}
