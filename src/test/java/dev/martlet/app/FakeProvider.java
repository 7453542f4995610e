package dev.martlet.app;

import dev.martlet.wire.Http1;
import dev.martlet.wire.Http1.RequestHead;
import dev.martlet.wire.Source;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/// A provider on a real socket that does exactly what a test tells it, byte for byte, and remembers what it was asked.
final class FakeProvider implements AutoCloseable {
    static final int BACKLOG = 512;

    /// A small sound answer.
    static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n{\"ok\":true}";

    private static final Http1.Limits LIMITS = new Http1.Limits(128 << 10, 400, 64 << 10, Long.MAX_VALUE);

    /// What happens on each connection; the connection is closed when it returns.
    @FunctionalInterface
    interface Script {
        void play(Peer peer) throws IOException;
    }

    /// A request that was read to its end.
    record Request(RequestHead head, String body) {}

    private final ServerSocket listener;
    private final Script script;
    private final AtomicInteger connections = new AtomicInteger();
    private final Collection<RequestHead> requests = new ConcurrentLinkedQueue<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    FakeProvider(Script script) {
        this(listen(), script);
    }

    /// @param listener may speak TLS; is closed with the provider
    FakeProvider(ServerSocket listener, Script script) {
        this.listener = listener;
        this.script = script;
        Thread.ofPlatform().daemon().start(this::accept); // on a virtual one a closed listener may still accept
    }

    /// Reads each request and sends the same bytes for it.
    static FakeProvider answering(String bytes) {
        return new FakeProvider(looping(bytes));
    }

    /// Reads each request and sends the same bytes for it, for as long as the gateway keeps the connection.
    static Script looping(String bytes) {
        return peer -> {
            while (peer.request()) peer.send(bytes);
        };
    }

    int port() {
        return listener.getLocalPort();
    }

    int connections() {
        return connections.get();
    }

    /// The heads of the requests that were read.
    Collection<RequestHead> requests() {
        return requests;
    }

    @Override
    public void close() {
        closeQuietly(listener);
        open.forEach(FakeProvider::closeQuietly);
    }

    private static ServerSocket listen() {
        try {
            return new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                socket.setTcpNoDelay(true);
                connections.incrementAndGet();
                open.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            script.play(new Peer(socket));
        } catch (IOException e) {
            // The gateway closed the connection: tests look at its side.
        } finally {
            open.remove(socket);
        }
    }

    private static void closeQuietly(AutoCloseable what) {
        try {
            what.close();
        } catch (Exception e) {
            // It is gone either way.
        }
    }

    /// The provider's end of a connection.
    final class Peer {
        private final Socket socket;
        private final InputStream in;
        private final Source source;

        private Peer(Socket socket) throws IOException {
            this.socket = socket;
            this.in = new BufferedInputStream(socket.getInputStream());
            this.source = RawClient.unhurried(in);
        }

        Socket socket() {
            return socket;
        }

        /// Reads a whole request and forgets its body; false when none comes.
        boolean request() throws IOException {
            Optional<RequestHead> head = head();
            if (head.isEmpty()) return false;
            drain(head.get());
            return true;
        }

        /// Reads a whole request; empty when none comes.
        Optional<Request> next() throws IOException {
            Optional<RequestHead> head = head();
            if (head.isEmpty()) return Optional.empty();
            String body = new String(content(head.get()), StandardCharsets.UTF_8);
            return Optional.of(new Request(head.get(), body));
        }

        /// Reads a head; empty when none comes.
        Optional<RequestHead> head() throws IOException {
            Optional<RequestHead> head = Http1.readRequest(source, LIMITS);
            head.ifPresent(requests::add);
            return head;
        }

        /// Reads a body to its end; says how long it was.
        long drain(RequestHead head) throws IOException {
            return body(head).transferTo(OutputStream.nullOutputStream());
        }

        /// Reads a body to its end.
        byte[] content(RequestHead head) throws IOException {
            return body(head).readAllBytes();
        }

        void send(String bytes) throws IOException {
            send(bytes.getBytes(StandardCharsets.ISO_8859_1));
        }

        void send(byte[] bytes) throws IOException {
            socket.getOutputStream().write(bytes);
        }

        /// Makes the coming close a reset.
        void reset() throws SocketException {
            socket.setSoLinger(true, 0);
        }

        /// Waits until the gateway closes the connection.
        void awaitClose() {
            try {
                in.transferTo(OutputStream.nullOutputStream());
            } catch (IOException e) {
                // A reset is a close.
            }
        }

        private InputStream body(RequestHead head) {
            return Http1.body(source, head.framing(), LIMITS, Long.MAX_VALUE);
        }
    }
}
