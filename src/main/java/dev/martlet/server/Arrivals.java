package dev.martlet.server;

import io.helidon.common.socket.SocketOptions;
import io.helidon.webserver.ConnectionContext;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Hands each accepted channel to the guard of its connection. Helidon shows the channel once, when its options are set;
/// later it offers only reads and writes without a time limit.
final class Arrivals implements SocketOptions {
    /// Both ends name a connection; one alone may be shared.
    private record Ends(SocketAddress remote, SocketAddress local) {}

    private final ConcurrentMap<Ends, SocketChannel> waiting = new ConcurrentHashMap<>();
    private final Map<SocketOption<?>, Object> options =
            Map.of(StandardSocketOptions.TCP_NODELAY, true, StandardSocketOptions.SO_KEEPALIVE, true);
    private final CountDownLatch held = new CountDownLatch(1);
    private volatile Optional<Consumer<SocketChannel>> last = Optional.empty();

    @Override
    public void configureSocket(SocketChannel channel) {
        SocketOptions.super.configureSocket(channel);
        last.ifPresent(serve -> keepAcceptor(channel, serve));
        try {
            waiting.put(new Ends(channel.getRemoteAddress(), channel.getLocalAddress()), channel);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // the listener closes the channel
        }
    }

    SocketChannel take(ConnectionContext connection) {
        Ends ends = new Ends(connection.remotePeer().address(), connection.localPeer().address());
        SocketChannel channel = waiting.remove(ends);
        if (channel == null) throw new IllegalStateException("a connection that was not accepted here");
        return channel;
    }

    /// Makes the next who comes the last one. Helidon stops its acceptor with an interrupt and turns away whom it has in its
    /// hands, and an accept that is interrupted too late forgets the connection it has made. So the acceptor accepts nobody
    /// from here on: it waits in [#configureSocket] until it is interrupted and the last one's connection is over.
    ///
    /// @param serve serves a connection to its end
    void holdAcceptor(Consumer<SocketChannel> serve) {
        last = Optional.of(serve);
    }

    /// Whether the last one has come, if need be after a while.
    boolean acceptorHeld(Duration patience) throws InterruptedException {
        return held.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void keepAcceptor(SocketChannel channel, Consumer<SocketChannel> serve) {
        Thread call = Thread.startVirtualThread(() -> serve.accept(channel));
        held.countDown();
        boolean stopped = false;
        while (!stopped || call.isAlive()) {
            try {
                if (stopped) call.join();
                else Thread.sleep(Duration.ofDays(1));
            } catch (InterruptedException e) {
                stopped = true;
            }
        }
        throw new UncheckedIOException(new ClosedChannelException()); // the listener has nothing left to do with it
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
