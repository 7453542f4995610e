package dev.martlet.app;

import dev.martlet.Fields;
import dev.martlet.server.ServerSettings;
import dev.martlet.server.ServerSettings.Listen;
import dev.martlet.wire.Http1;
import dev.martlet.wire.Source;

import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/// Our own listener, knocked at from outside: a request for `/health/live` that goes the way of every client's.
///
/// Any answer counts, also the refusal of a gateway that is full: it was accepted, read and answered.
///
/// @param host where the listener listens
record OwnDoor(String host, int port, boolean tls) implements Systemd.Pulse {
    private static final Http1.Limits LIMITS = new Http1.Limits(16 << 10, 100, 256, 1 << 16);

    static OwnDoor of(ServerSettings settings, int port) {
        return new OwnDoor(settings.listen().host(), port, settings.tls().isPresent());
    }

    @Override
    public Systemd.Beat feel(Duration patience) {
        int millis = Math.clamp(patience.toMillis(), 1, Integer.MAX_VALUE);
        try (Socket plain = new Socket()) {
            plain.connect(new Listen(host, port).fromHere(port), millis);
            plain.setSoTimeout(millis);
            try (Socket socket = tls ? encrypted(plain) : plain) {
                return answers(socket) ? Systemd.Beat.FELT : Systemd.Beat.MISSED;
            }
        } catch (ConnectException e) {
            return Systemd.Beat.STOPPED; // refused: the listener is closed
        } catch (IOException | GeneralSecurityException e) {
            return Systemd.Beat.MISSED;
        }
    }

    private static boolean answers(Socket socket) throws IOException {
        Fields fields = Fields.of("Host", "localhost", "User-Agent", "martlet-watchdog", "Connection", "close");
        socket.getOutputStream().write(Http1.head("GET", "/health/live", fields));
        Source source = new Source((into, from, length) -> socket.getInputStream().read(into, from, length));
        return Http1.readResponse(source, LIMITS).isPresent();
    }

    private SSLSocket encrypted(Socket plain) throws IOException, GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Anyone()}, null);
        return (SSLSocket) context.getSocketFactory().createSocket(plain, host, port, true);
    }

    /// Trusts every peer: this one is ourselves, on an address of this machine, and is told nothing.
    private static final class Anyone extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
