package dev.martlet.upstream;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/// Connections at rest, the one used last taken first: those that are not needed grow old and go.
final class Pool {
    /// In each time that a connection may rest.
    private static final int SWEEPS = 6;

    private final UpstreamSettings settings;
    private final ConcurrentMap<Origin, Deque<Connection>> resting = new ConcurrentHashMap<>();
    private final Watchdog watchdog;
    private int count;
    private boolean sweeping;
    private boolean closed;

    Pool(UpstreamSettings settings, Watchdog watchdog) {
        this.settings = settings;
        this.watchdog = watchdog;
    }

    /// A connection to this origin that can be used now; closes those that cannot.
    Optional<Connection> take(Origin origin) {
        for (Connection connection = poll(origin); connection != null; connection = poll(origin)) {
            if (isFresh(connection) && connection.isQuiet()) return Optional.of(connection);
            connection.close();
        }
        return Optional.empty();
    }

    /// Takes back a connection whose last exchange ended cleanly.
    synchronized void give(Connection connection) {
        Deque<Connection> peers = resting.computeIfAbsent(connection.origin(), _ -> new ArrayDeque<>());
        if (closed || peers.size() >= settings.idlePerOrigin() || count >= settings.idleTotal()) {
            connection.close();
            return;
        }
        connection.rest();
        peers.push(connection);
        count++;
        if (!sweeping) {
            sweeping = true;
            watchdog.after(settings.idleTime().dividedBy(SWEEPS).toNanos(), this::sweep);
        }
    }

    synchronized void close() {
        closed = true;
        for (Deque<Connection> peers : resting.values()) peers.forEach(Connection::close);
        resting.clear();
        count = 0;
    }

    synchronized int size() {
        return count;
    }

    private synchronized @org.jspecify.annotations.Nullable Connection poll(Origin origin) {
        Deque<Connection> peers = resting.get(origin);
        Connection connection = peers == null ? null : peers.poll();
        if (connection != null) count--;
        return connection;
    }

    private boolean isFresh(Connection connection) {
        return connection.restingNanos() < settings.idleTime().toNanos()
                && connection.ageNanos() < settings.ageMax().toNanos();
    }

    /// Closes what has rested too long; comes again only while something rests.
    private void sweep() {
        List<Connection> stale = new ArrayList<>();
        synchronized (this) {
            for (Deque<Connection> peers : resting.values()) {
                peers.removeIf(connection -> !isFresh(connection) && stale.add(connection));
            }
            resting.values().removeIf(Deque::isEmpty);
            count -= stale.size();
            sweeping = !resting.isEmpty();
            if (sweeping) watchdog.after(settings.idleTime().dividedBy(SWEEPS).toNanos(), this::sweep);
        }
        stale.forEach(Connection::close);
    }
}
