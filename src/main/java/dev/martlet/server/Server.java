package dev.martlet.server;

import dev.martlet.CallRecord;
import dev.martlet.Crowding;
import dev.martlet.server.ServerSettings.Listen;
import dev.martlet.wire.Http1;

import io.helidon.common.buffers.BufferData;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// A listener: accepts connections, within limits, and puts a guard on each.
public final class Server {
    private static final System.Logger LOG = System.getLogger("martlet.server");
    private static final int TARGET_BYTES_MAX = 4 << 10;
    private static final long CHUNK_BYTES_MAX = 1L << 30;

    /// For clients with nothing running when a successor listens on the same port: they may ask once more.
    private static final Duration LAST_REQUEST = Duration.ofSeconds(2);

    /// How often our own callers try to reach us and not the successor, and how long each waits for the acceptor.
    private static final int KNOCKS_MAX = 100;

    private static final Duration KNOCK = Duration.ofMillis(20);

    private final Listen address;
    private final Optional<Certificates> certificates;
    private final Crowd crowd;
    private final Edge edge;
    private final Arrivals arrivals = new Arrivals();
    private final Guard.House house;
    private final WebServer listener;

    /// @param address     where to listen
    /// @param doors       tried in order; the last must open to everything
    /// @param corsOrigins the origins of the catalog in force
    /// @param records     gets one record of each call that is refused before its door has taken it
    /// @throws UncheckedIOException if the certificate cannot be used; of a [BindException] if nobody knows the host
    public Server(
            ServerSettings settings,
            Listen address,
            List<Door> doors,
            Supplier<List<String>> corsOrigins,
            Consumer<CallRecord> records) {
        if (new InetSocketAddress(address.host(), address.port()).isUnresolved()) throw unbound(address);
        this.address = address;
        this.certificates = settings.tls().map(Server::certificates);
        int connectionsMax = settings.limits().connectionsMax();
        this.crowd = new Crowd(connectionsMax, arrivals::sweep);
        this.edge = new Edge(doors, settings, records);
        this.house =
                new Guard.House(
                        settings,
                        limits(settings.limits()),
                        crowd,
                        edge,
                        certificates.map(each -> each::inForce),
                        corsOrigins,
                        records);
        this.listener =
                WebServer.builder()
                        .host(address.host())
                        .port(address.port())
                        .putListenerSocketOption(StandardSocketOptions.SO_REUSEPORT, address.shared())
                        .maxTcpConnections(connectionsMax + Math.min(connectionsMax, Room.here().reserve()))
                        .useNio(false)
                        .connectionOptions(arrivals)
                        .idleConnectionTimeout(Duration.ofDays(1))
                        .shutdownHook(false)
                        .shutdownGracePeriod(settings.times().drain().plusSeconds(5))
                        .protocolsDiscoverServices(false)
                        .addConnectionSelector(new EveryConnection(house, arrivals))
                        .build();
    }

    /// Listens.
    ///
    /// @throws UncheckedIOException if the address cannot be bound
    public void start() {
        listener.start();
        if (!listener.isRunning()) throw unbound(address); // Helidon logs the reason and returns
    }

    /// Bound once more, to hear why that cannot be.
    private static UncheckedIOException unbound(Listen address) {
        String why = "it can by now";
        try (ServerSocket again = new ServerSocket()) {
            again.bind(new InetSocketAddress(address.host(), address.port()));
        } catch (IOException e) {
            why = String.valueOf(e.getMessage());
        }
        String where = address.host() + ":" + address.port();
        return new UncheckedIOException(new BindException("cannot bind " + where + ": " + why));
    }

    /// Stops listening and waits for running calls; what is left after this time is cut.
    ///
    /// @param succeeded whether somebody else listens on the port by now
    /// @return whether every call came to its own end
    public boolean stop(Duration time, boolean succeeded) {
        crowd.endIn(succeeded ? LAST_REQUEST : Duration.ZERO, time);
        if (succeeded) holdAcceptor();
        listener.stop();
        crowd.close();
        return !crowd.cutSome();
    }

    /// Whom the acceptor has not accepted when the listener is closed, the kernel hands to the successor; the acceptor itself
    /// loses nobody while it holds a caller of our own. The kernel chooses which of both a caller comes to: we call again.
    private void holdAcceptor() {
        arrivals.holdAcceptor(channel -> new Guard(new Line(channel), house).serve());
        try {
            for (int i = 0; i < KNOCKS_MAX && !arrivals.acceptorHeld(KNOCK); i++) knock();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "the listener is closed already", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Calls, and leaves at once. Where nobody is let in any more, enough are waiting of whom one will hold the acceptor.
    private void knock() throws IOException {
        try (Socket caller = new Socket()) {
            caller.connect(address.fromHere(port()), (int) KNOCK.toMillis());
        } catch (SocketTimeoutException e) {
            LOG.log(Level.DEBUG, "no room for a caller of our own", e);
        }
    }

    /// Cuts what is running, now. For any thread; [#stop] returns soon after.
    public void cut() {
        crowd.endIn(Duration.ZERO, Duration.ZERO);
    }

    /// Reads the certificate's files again.
    ///
    /// @throws IOException if they cannot be used; the old certificate stays
    public void reloadCertificate() throws IOException {
        if (certificates.isPresent()) certificates.get().reload();
    }

    /// The port that is listened on.
    public int port() {
        return listener.port();
    }

    /// How full it is.
    public Crowding crowding() {
        Turnstile turnstile = edge.turnstile();
        return new Crowding(
                crowd.size(), crowd.sizeMax(), crowd.turnedAway(), turnstile.inside(), turnstile.placesMax());
    }

    private static Certificates certificates(ServerSettings.Certificate files) {
        try {
            return new Certificates(files);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Http1.Limits limits(ServerSettings.Limits limits) {
        return new Http1.Limits(limits.headBytes(), limits.headers(), TARGET_BYTES_MAX, CHUNK_BYTES_MAX);
    }

    /// Helidon asks who speaks a connection's protocol: the guard does, always.
    private record EveryConnection(Guard.House house, Arrivals arrivals) implements ServerConnectionSelector {
        @Override
        public int bytesToIdentifyConnection() {
            return 0;
        }

        @Override
        public Support supports(BufferData data) {
            return Support.SUPPORTED;
        }

        @Override
        public Set<String> supportedApplicationProtocols() {
            return Set.of("http/1.1");
        }

        @Override
        public ServerConnection connection(ConnectionContext context) {
            return new Guard(new Line(arrivals.take(context)), house);
        }
    }
}
