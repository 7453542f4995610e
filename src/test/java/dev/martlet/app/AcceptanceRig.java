package dev.martlet.app;

import dev.martlet.Catalog;
import dev.martlet.Fields;
import dev.martlet.RoutingPolicy;
import dev.martlet.Service;
import dev.martlet.Target;
import dev.martlet.Timeouts;
import dev.martlet.Trust;
import dev.martlet.config.Config;
import dev.martlet.server.ServerSettings;
import dev.martlet.telemetry.TelemetrySettings;
import dev.martlet.wire.BodyStream;
import dev.martlet.wire.Http1;
import dev.martlet.wire.Source;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A gateway in front of one scripted upstream, reached over real sockets.
final class AcceptanceRig implements AutoCloseable {
    static final Http1.Limits LIMITS = new Http1.Limits(64 << 10, 200, 8 << 10, Long.MAX_VALUE);

    /// What an upstream does with one connection.
    interface Script {
        void serve(Socket socket, Source source) throws IOException;
    }

    /// What came back: a status, fields, and the content as far as it came.
    record Reply(int status, Fields fields, String content, boolean whole) {}

    private final ServerSocket upstream;
    private final Gateway gateway;

    AcceptanceRig(Script script) throws IOException {
        upstream = new ServerSocket(0, 512, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(() -> accept(script));
        Timeouts timeouts =
                new Timeouts(
                        Duration.ofSeconds(5), Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofMinutes(5));
        Target target =
                new Target(
                        false,
                        "127.0.0.1",
                        upstream.getLocalPort(),
                        "",
                        new Trust.Public(),
                        Optional.empty(),
                        timeouts);
        Catalog catalog =
                new Catalog(
                        List.of(new Service("service-1", target), new Service("service-2", target)),
                        "",
                        new RoutingPolicy(1_000_000, Duration.ofSeconds(1)),
                        List.of("*"));
        gateway =
                new Gateway(
                        new Config(
                                ServerSettings.standard().on("127.0.0.1", 0),
                                TelemetrySettings.standard(),
                                catalog,
                                List.of()),
                        OutputStream.nullOutputStream());
        gateway.start();
    }

    int port() {
        return gateway.port();
    }

    Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(20_000);
        return socket;
    }

    static Source source(Socket socket) {
        return new Source((into, from, length) -> socket.getInputStream().read(into, from, length));
    }

    static void send(Socket socket, String method, String path, String content) throws IOException {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        String head = method + " " + path + " HTTP/1.1\r\nHost: gateway\r\nContent-Type: application/json\r\n";
        String length = bytes.length == 0 && method.equals("GET") ? "" : "Content-Length: " + bytes.length + "\r\n";
        socket.getOutputStream().write((head + length + "\r\n" + content).getBytes(StandardCharsets.UTF_8));
    }

    /// Reads one answer as a strict client does; `whole` only when the framing says so.
    static Reply receive(Source source, String method) throws IOException {
        Http1.ResponseHead head = Http1.readResponse(source, LIMITS).orElseThrow(() -> new IOException("no answer"));
        BodyStream body = Http1.body(source, head.framing(method), LIMITS, Long.MAX_VALUE);
        java.io.ByteArrayOutputStream content = new java.io.ByteArrayOutputStream();
        byte[] buffer = new byte[4096];
        boolean whole = false;
        try {
            for (int count = body.read(buffer, 0, buffer.length); count >= 0; count = body.read(buffer, 0, 4096)) {
                content.write(buffer, 0, count);
            }
            whole = !(head.framing(method) instanceof Http1.Framing.UntilClose);
        } catch (IOException e) {
            whole = false;
        }
        return new Reply(head.status(), head.fields(), content.toString(StandardCharsets.UTF_8), whole);
    }

    @Override
    public void close() throws IOException {
        gateway.close();
        upstream.close();
    }

    private void accept(Script script) {
        try {
            while (true) {
                Socket socket = upstream.accept();
                socket.setTcpNoDelay(true);
                Thread.ofVirtual().start(() -> serve(script, socket));
            }
        } catch (IOException e) {
            // the rig was closed
        }
    }

    private static void serve(Script script, Socket socket) {
        try (socket) {
            script.serve(socket, source(socket));
        } catch (IOException e) {
            // the gateway closed the connection
        }
    }
}
