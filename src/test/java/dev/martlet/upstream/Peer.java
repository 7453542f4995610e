package dev.martlet.upstream;

import dev.martlet.Target;
import dev.martlet.Timeouts;
import dev.martlet.Trust;
import dev.martlet.wire.Http1;
import dev.martlet.wire.Source;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// The other end of exchanges, on a real socket: plays a script on each connection, and closes it behind that.
final class Peer implements AutoCloseable {
    private static final Http1.Limits LIMITS = new Http1.Limits(64 << 10, 100, 4 << 10, Long.MAX_VALUE);

    /// What happens on one connection.
    @FunctionalInterface
    interface Script {
        void play(Line line) throws IOException, InterruptedException;
    }

    /// One connection.
    final class Line {
        private final Socket socket;
        private final Source source;

        private Line(Socket socket) throws IOException {
            this.socket = socket;
            this.source = new Source(socket.getInputStream()::read);
        }

        /// Reads a request with its body; false when none comes.
        boolean request() throws IOException {
            Optional<Http1.RequestHead> head = Http1.readRequest(source, LIMITS);
            if (head.isEmpty()) return false;
            Http1.body(source, head.get().framing(), LIMITS, Long.MAX_VALUE)
                    .transferTo(OutputStream.nullOutputStream());
            requests.incrementAndGet();
            return true;
        }

        /// Reads a little at a time, with a pause behind each, until the other side has had enough.
        void sip(Duration pause) throws IOException, InterruptedException {
            byte[] sip = new byte[16 << 10];
            while (socket.getInputStream().read(sip) >= 0) Thread.sleep(pause);
        }

        void send(String bytes) throws IOException {
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    private final ServerSocket listener;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger requests = new AtomicInteger();

    Peer(Script script) throws IOException {
        listener = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().start(() -> accept(script)); // on a virtual one a closed listener may still accept
    }

    /// Requests that were read to their end.
    int requests() {
        return requests.get();
    }

    /// This peer, with so much time for the connection and the answer's head, and for silence.
    Target target(String host, Duration firstByte, Duration idle) {
        Timeouts timeouts = new Timeouts(firstByte, firstByte, idle, Duration.ofMinutes(1));
        return new Target(false, host, listener.getLocalPort(), "", Trust.PUBLIC, Optional.empty(), timeouts);
    }

    private void accept(Script script) {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                open.add(socket);
                Thread.ofVirtual().start(() -> play(script, socket));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void play(Script script, Socket socket) {
        try (socket) {
            script.play(new Line(socket));
        } catch (IOException e) {
            // closed by the other side, which is what is looked at
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
            for (Socket socket : open) socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
