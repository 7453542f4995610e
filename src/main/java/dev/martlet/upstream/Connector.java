package dev.martlet.upstream;

import dev.martlet.Cause;
import dev.martlet.Deadline;
import dev.martlet.Field;
import dev.martlet.Fields;
import dev.martlet.Patience;
import dev.martlet.Target;
import dev.martlet.wire.Http1;
import dev.martlet.wire.Source;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/// Makes connections: look the name up, try its addresses, pass the proxy, shake hands, all by one deadline.
final class Connector {
    private final UpstreamSettings settings;
    private final Resolver resolver;
    private final Watchdog watchdog;
    private final Trusts trusts = new Trusts();

    Connector(UpstreamSettings settings, Resolver resolver, Watchdog watchdog) {
        this.settings = settings;
        this.resolver = resolver;
        this.watchdog = watchdog;
    }

    /// A fresh connection to the target.
    ///
    /// @throws ExchangeFailed unreachable: nothing of a request was sent
    Connection connect(Target target, Patience patience) throws ExchangeFailed {
        Deadline deadline = Deadline.in(target.timeouts().connect());
        URI proxy = target.proxy().orElse(null);
        String host = proxy == null ? target.host() : proxy.getHost();
        int port = proxy == null ? target.port() : proxy.getPort();
        SocketChannel channel = reach(addresses(host, deadline), port, deadline, patience);
        try (Watchdog.Bite _ = watchdog.after(deadline.leftNanos(), () -> closeQuietly(channel));
                Patience.Watch _ = patience.watch(() -> closeQuietly(channel))) {
            if (proxy != null) passProxy(channel, proxy, target, deadline);
            Socket socket = target.tls() ? encrypt(channel, target, deadline) : channel.socket();
            return new Connection(Origin.of(target), channel, socket);
        } catch (ProxyRefused e) {
            closeQuietly(channel);
            throw ExchangeFailed.unreachable(Cause.PROXY);
        } catch (IOException e) {
            closeQuietly(channel);
            throw ExchangeFailed.unreachable(Cause.TLS);
        }
    }

    private List<InetAddress> addresses(String host, Deadline deadline) throws ExchangeFailed {
        try {
            return resolver.addresses(host, deadline);
        } catch (IOException e) {
            throw ExchangeFailed.unreachable(Cause.DNS);
        }
    }

    /// Tries the addresses in turn; each has an equal share of the time that is left.
    private SocketChannel reach(List<InetAddress> addresses, int port, Deadline deadline, Patience patience)
            throws ExchangeFailed {
        Cause cause = Cause.UNREACHABLE;
        for (int i = 0; i < addresses.size() && !deadline.passed(); i++) {
            int millis = Math.max(1, deadline.leftMillis() / (addresses.size() - i));
            try {
                return open(new InetSocketAddress(addresses.get(i), port), millis, patience);
            } catch (SocketTimeoutException e) {
                cause = Cause.CONNECT_TIMEOUT;
            } catch (ConnectException e) {
                cause = Cause.REFUSED;
            } catch (IOException e) {
                cause = Cause.UNREACHABLE;
            }
        }
        throw ExchangeFailed.unreachable(cause);
    }

    private static SocketChannel open(InetSocketAddress address, int millis, Patience patience) throws IOException {
        SocketChannel channel = SocketChannel.open();
        try (Patience.Watch _ = patience.watch(() -> closeQuietly(channel))) {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            channel.socket().connect(address, millis);
            return channel;
        } catch (IOException e) {
            closeQuietly(channel);
            throw e;
        }
    }

    /// Asks an HTTP proxy for a tunnel (RFC 9110, section 9.3.6).
    private void passProxy(SocketChannel channel, URI proxy, Target target, Deadline deadline) throws IOException {
        String authority =
                (target.host().indexOf(':') >= 0 ? "[" + target.host() + "]" : target.host()) + ":" + target.port();
        List<Field> fields = new ArrayList<>(List.of(new Field("Host", authority)));
        if (proxy.getUserInfo() != null) {
            byte[] credentials = proxy.getUserInfo().getBytes(StandardCharsets.UTF_8);
            fields.add(new Field("Proxy-Authorization", "Basic " + Base64.getEncoder().encodeToString(credentials)));
        }
        Socket socket = channel.socket();
        try {
            socket.setSoTimeout(deadline.leftMillis());
            socket.getOutputStream().write(Http1.head("CONNECT", authority, Fields.of(fields)));
            Source source = new Source((into, from, length) -> socket.getInputStream().read(into, from, length));
            int status = Http1.readResponse(source, settings.limits()).map(Http1.ResponseHead::status).orElse(0);
            if (status / 100 != 2 || source.buffered() > 0) throw new ProxyRefused();
        } catch (ProxyRefused e) {
            throw e;
        } catch (IOException e) {
            throw new ProxyRefused();
        }
    }

    /// TLS with SNI; the certificate must be for the host's name (RFC 9110, section 4.3.4).
    private Socket encrypt(SocketChannel channel, Target target, Deadline deadline) throws IOException {
        SSLSocket socket =
                (SSLSocket)
                        trusts.context(target.trust())
                                .getSocketFactory()
                                .createSocket(channel.socket(), target.host(), target.port(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        parameters.setServerNames(serverNames(target.host()));
        parameters.setApplicationProtocols(new String[] {"http/1.1"});
        parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        socket.setSSLParameters(parameters);
        socket.setSoTimeout(deadline.leftMillis());
        socket.startHandshake();
        return socket;
    }

    /// The name that the server is told; an address is none (RFC 6066, section 3). Said here because the JDK by itself
    /// leaves out names without a dot, such as those of a private network.
    private static List<SNIServerName> serverNames(String host) {
        try {
            InetAddress.ofLiteral(host);
            return List.of();
        } catch (IllegalArgumentException isName) {
            return nameable(host);
        }
    }

    private static List<SNIServerName> nameable(String host) {
        try {
            return List.of(new SNIHostName(host));
        } catch (IllegalArgumentException e) {
            return List.of(); // a name that DNS has but TLS does not, with an underscore or a dot at its end
        }
    }

    private static void closeQuietly(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // It is gone either way.
        }
    }

    /// The proxy gave no tunnel.
    private static final class ProxyRefused extends IOException {
        private static final long serialVersionUID = 1L;
    }

    /// All addresses that the system knows for a name.
    static List<InetAddress> systemLookup(String host) throws UnknownHostException {
        return List.of(InetAddress.getAllByName(host));
    }
}
