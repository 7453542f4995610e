package dev.martlet.server;

import dev.martlet.Network;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// Where to listen and what to accept; fixed while Martlet runs.
///
/// @param admin          a listener of their own for the operator's pages; without one they are on the public one
/// @param tls            absent: plain HTTP
/// @param trustedProxies whose word about the client's address is believed
/// @param exposeTrail    whether every caller is told which channel answered, and not only those on this machine
public record ServerSettings(
        Listen listen,
        Optional<Listen> admin,
        Optional<Certificate> tls,
        List<Network> trustedProxies,
        Limits limits,
        Times times,
        Allowance perAddress,
        boolean exposeTrail) {
    private static final int ADMIN_CONNECTIONS = 32;

    public ServerSettings {
        trustedProxies = List.copyOf(trustedProxies);
    }

    /// An address to listen on.
    ///
    /// @param port   0 picks a free one
    /// @param shared whether a process of the same user may listen there, too (SO_REUSEPORT): for a change without a gap
    public record Listen(String host, int port, boolean shared) {
        public Listen(String host, int port) {
            this(host, port, false);
        }

        /// Where a process of this machine reaches the listener: whoever listens everywhere listens on loopback.
        ///
        /// @param actual the port it got
        public InetSocketAddress fromHere(int actual) throws UnknownHostException {
            InetAddress listening = InetAddress.getByName(host);
            return new InetSocketAddress(
                    listening.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : listening, actual);
        }

        private Listen onSharedPort() {
            return new Listen(host, port, true);
        }
    }

    /// Files in PEM: the certificate chain, our own first, and its private key (PKCS #8). Read at start and on reload.
    public record Certificate(Path chain, Path key) {}

    /// How much may come in. What is absent follows from the heap and from the limit of open files.
    ///
    /// @param headBytes        the largest request head, in bytes
    /// @param headers          the most header lines in it
    /// @param requestBodyBytes the largest request body that is read for the model it asks for, in bytes
    /// @param uploadBytes      the largest request body of any other kind, in bytes
    /// @param connections      clients connected at the same time
    /// @param inFlight         calls that run at the same time; the operator's pages are not counted
    /// @param bufferedBytes    request bodies held in memory at the same time, in bytes
    public record Limits(
            int headBytes,
            int headers,
            long requestBodyBytes,
            long uploadBytes,
            OptionalInt connections,
            OptionalInt inFlight,
            OptionalLong bufferedBytes) {

        /// Never more than there are files for: a listener that runs out of them does not come back.
        public int connectionsMax() {
            Room room = Room.here();
            return Math.min(connections.orElse(room.connections()), room.connectionsByFiles());
        }

        /// Connections to upstreams for which there are files while they rest.
        public int restingMax() {
            return Room.here().resting();
        }

        public int inFlightMax() {
            return inFlight.orElseGet(this::connectionsMax);
        }

        public long bufferedBytesMax() {
            return bufferedBytes.orElseGet(() -> Room.here().bufferedBytes());
        }
    }

    /// How long it may take.
    ///
    /// @param head         a TLS handshake, and a request's head from its first byte
    /// @param body         a request's body, from its head
    /// @param write        a piece of an answer that the client does not take
    /// @param idle         a connection may stay open between two requests
    /// @param restartDrain running calls when Martlet stops and nobody else listens on its port
    /// @param drain        running calls when a successor has taken over the port
    public record Times(
            Duration head, Duration body, Duration write, Duration idle, Duration restartDrain, Duration drain) {}

    /// Requests that one address may make within each window; 0 means any number.
    public record Allowance(int requests, Duration window) {
        String text() {
            return requests + " in " + window.toSeconds() + " s";
        }
    }

    /// The defaults of `product.md`, section 3.
    public static ServerSettings standard() {
        return new ServerSettings(
                new Listen("0.0.0.0", 8080),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                new Limits(
                        32 << 10,
                        100,
                        32L << 20,
                        512L << 20,
                        OptionalInt.empty(),
                        OptionalInt.empty(),
                        OptionalLong.empty()),
                new Times(
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(75),
                        Duration.ofSeconds(20),
                        Duration.ofMinutes(10)),
                new Allowance(0, Duration.ofSeconds(60)),
                false);
    }

    /// For the operator's own listener: few clients, in the clear, and nobody counts them.
    public ServerSettings forAdmin() {
        return with(Optional.empty())
                .with(new Allowance(0, perAddress.window()))
                .with(
                        new Limits(
                                limits.headBytes(),
                                limits.headers(),
                                limits.requestBodyBytes(),
                                limits.uploadBytes(),
                                OptionalInt.of(ADMIN_CONNECTIONS),
                                OptionalInt.of(ADMIN_CONNECTIONS),
                                limits.bufferedBytes()));
    }

    /// The same, on ports that another process of the same user may listen on, too.
    public ServerSettings onSharedPorts() {
        return new ServerSettings(
                listen.onSharedPort(),
                admin.map(Listen::onSharedPort),
                tls,
                trustedProxies,
                limits,
                times,
                perAddress,
                exposeTrail);
    }

    public ServerSettings on(String host, int port) {
        return new ServerSettings(
                new Listen(host, port), admin, tls, trustedProxies, limits, times, perAddress, exposeTrail);
    }

    public ServerSettings with(Optional<Certificate> other) {
        return new ServerSettings(listen, admin, other, trustedProxies, limits, times, perAddress, exposeTrail);
    }

    public ServerSettings with(Allowance other) {
        return new ServerSettings(listen, admin, tls, trustedProxies, limits, times, other, exposeTrail);
    }

    public ServerSettings with(Limits other) {
        return new ServerSettings(listen, admin, tls, trustedProxies, other, times, perAddress, exposeTrail);
    }

    public ServerSettings with(Times other) {
        return new ServerSettings(listen, admin, tls, trustedProxies, limits, other, perAddress, exposeTrail);
    }
}
