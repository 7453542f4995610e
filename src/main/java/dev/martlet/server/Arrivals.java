package dev.martlet.server;

import io.helidon.common.socket.SocketOptions;
import io.helidon.webserver.ConnectionContext;

import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/// Hands each accepted channel to the guard of its connection. Helidon shows the channel once, when its options are set;
/// later it offers only reads and writes without a time limit.
final class Arrivals implements SocketOptions {
    /// Both ends name a connection; one alone may be shared.
    private record Ends(SocketAddress remote, SocketAddress local) {}

    private final ConcurrentMap<Ends, SocketChannel> waiting = new ConcurrentHashMap<>();
    private final Map<SocketOption<?>, Object> options =
            Map.of(StandardSocketOptions.TCP_NODELAY, true, StandardSocketOptions.SO_KEEPALIVE, true);

    @Override
    public void configureSocket(SocketChannel channel) {
        SocketOptions.super.configureSocket(channel);
        try {
            waiting.put(new Ends(channel.getRemoteAddress(), channel.getLocalAddress()), channel);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e); // the listener closes the channel
        }
    }

    SocketChannel take(ConnectionContext connection) {
        Ends ends = new Ends(connection.remotePeer().address(), connection.localPeer().address());
        SocketChannel channel = waiting.remove(ends);
        if (channel == null) throw new IllegalStateException("a connection that was not accepted here");
        return channel;
    }

    /// Forgets channels that were closed before a guard took them.
    void sweep() {
        waiting.values().removeIf(channel -> !channel.isOpen());
    }

    @Override
    public Map<SocketOption<?>, Object> socketOptions() {
        return options;
    }

    @Override
    public Duration connectTimeout() {
        return Duration.ZERO;
    }

    @Override
    public Duration readTimeout() {
        return Duration.ZERO;
    }

    @Override
    public Optional<Integer> socketReceiveBufferSize() {
        return Optional.empty();
    }

    @Override
    public Optional<Integer> socketSendBufferSize() {
        return Optional.empty();
    }

    @Override
    public boolean socketReuseAddress() {
        return true;
    }

    @Override
    public boolean socketKeepAlive() {
        return true;
    }

    @Override
    public boolean tcpNoDelay() {
        return true;
    }
}
