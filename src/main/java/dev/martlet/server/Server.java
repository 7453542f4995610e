package dev.martlet.server;

import dev.martlet.CallRecord;
import dev.martlet.wire.Http1;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.socket.SocketOptions;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;

import java.io.UncheckedIOException;
import java.net.BindException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// The public listener: accepts connections and puts a guard on each.
public final class Server {
    private static final int TARGET_BYTES_MAX = 4 << 10;
    private static final long CHUNK_BYTES_MAX = 1L << 30;
    private static final Duration STOP_TIME = Duration.ofSeconds(20);

    private final WebServer listener;
    private final String address;

    /// @param doors       tried in order; the last must open to everything
    /// @param corsOrigins the origins of the catalog in force
    /// @param records     gets one record of each call that is refused before its door has taken it
    public Server(
            ServerSettings settings,
            List<Door> doors,
            Supplier<List<String>> corsOrigins,
            Consumer<CallRecord> records) {
        address = settings.listen().host() + ":" + settings.listen().port();
        Http1.Limits limits =
                new Http1.Limits(
                        settings.limits().headBytes(), settings.limits().headers(), TARGET_BYTES_MAX, CHUNK_BYTES_MAX);
        Guard.House house =
                new Guard.House(
                        settings, limits, new Edge(doors, settings.limits().uploadBytes(), records), corsOrigins);
        listener =
                WebServer.builder()
                        .host(settings.listen().host())
                        .port(settings.listen().port())
                        .shutdownHook(false)
                        .shutdownGracePeriod(STOP_TIME)
                        .idleConnectionTimeout(settings.times().idle())
                        .idleConnectionPeriod(settings.times().idle().dividedBy(5))
                        .connectionOptions(SocketOptions.builder().tcpNoDelay(true).build())
                        .protocolsDiscoverServices(false)
                        .addConnectionSelector(new EveryConnection(house))
                        .build();
    }

    /// Listens.
    ///
    /// @throws UncheckedIOException if the address cannot be bound
    public void start() {
        listener.start();
        if (!listener.isRunning()) { // Helidon logs the reason and returns
            throw new UncheckedIOException(new BindException("cannot bind " + address));
        }
    }

    /// Stops listening and waits for running calls, 20 s at the most.
    public void stop() {
        listener.stop();
    }

    /// The port that is listened on.
    public int port() {
        return listener.port();
    }

    /// Helidon asks who speaks a connection's protocol: the guard does, always.
    private record EveryConnection(Guard.House house) implements ServerConnectionSelector {
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
            return new Guard(context, house);
        }
    }
}
