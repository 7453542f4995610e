package dev.martlet.app;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/// A provider on a real socket that does exactly what a test tells it, byte for byte, and remembers what it was asked.
final class FakeProvider implements AutoCloseable {

    /// What happens on each connection; the connection is closed when it returns.
    @FunctionalInterface
    interface Script {
        void play(Peer peer) throws IOException;
    }

    private final ServerSocket listener;
    private final Script script;
    private final AtomicInteger connections = new AtomicInteger();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    FakeProvider(Script script) {
        this.script = script;
        try {
            this.listener = new ServerSocket(0, 512, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    /// Reads each request and sends the same bytes for it.
    static FakeProvider answering(String bytes) {
        return new FakeProvider(peer -> {
            while (peer.request()) peer.send(bytes);
        });
    }

    int port() {
        return listener.getLocalPort();
    }

    int connections() {
        return connections.get();
    }

    /// The heads of the requests that were read.
    List<String> requests() {
        return requests;
    }

    @Override
    public void close() {
        closeQuietly(listener);
        open.forEach(FakeProvider::closeQuietly);
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
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

        private Peer(Socket socket) throws IOException {
            this.socket = socket;
            this.in = new BufferedInputStream(socket.getInputStream());
        }

        /// Reads a whole request; false when none comes.
        boolean request() throws IOException {
            String head = head();
            if (head.isEmpty()) return false;
            skipBody(head.toLowerCase(Locale.ROOT));
            return true;
        }

        /// Reads a head; empty when none comes.
        String head() throws IOException {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            for (int next = in.read(); next >= 0; next = in.read()) {
                bytes.write(next);
                if (next == '\n' && bytes.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
                    String head = bytes.toString(StandardCharsets.ISO_8859_1);
                    requests.add(head);
                    return head;
                }
            }
            return "";
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
                in.transferTo(java.io.OutputStream.nullOutputStream());
            } catch (IOException e) {
                // A reset is a close.
            }
        }

        private void skipBody(String head) throws IOException {
            if (head.contains("\r\ntransfer-encoding: chunked\r\n")) {
                long size = Long.parseLong(line(), 16);
                while (size > 0) {
                    in.skipNBytes(size + 2);
                    size = Long.parseLong(line(), 16);
                }
                line();
                return;
            }
            int at = head.indexOf("\r\ncontent-length: ");
            if (at < 0) return;
            int from = at + "\r\ncontent-length: ".length();
            in.skipNBytes(Long.parseLong(head.substring(from, head.indexOf('\r', from))));
        }

        private String line() throws IOException {
            StringBuilder line = new StringBuilder();
            for (int next = in.read(); next != '\n'; next = in.read()) {
                if (next < 0) throw new EOFException();
                if (next != '\r') line.append((char) next);
            }
            return line.toString();
        }
    }
}
