package dev.martlet.upstream;

import dev.martlet.Deadline;

import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Addresses of names, kept for a while. A lookup runs on a thread of its own, one a name at a time: the system's resolver
/// blocks natively, and a slow answer for one name must not hold the threads that serve the others.
final class Resolver {
    /// Asks for all addresses of a name.
    @FunctionalInterface
    interface Lookup {
        List<InetAddress> all(String host) throws UnknownHostException;
    }

    /// What a name that is known waits for a fresh answer; the asking goes on, for the next call.
    private static final long REFRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private record Known(List<InetAddress> addresses, long since) {}

    private final Lookup lookup;
    private final Duration keep;
    private final Executor threads = task -> Thread.ofPlatform().daemon().name("resolver").start(task);
    private final ConcurrentMap<String, Known> known = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, CompletableFuture<Known>> asking = new ConcurrentHashMap<>();

    Resolver(Lookup lookup, Duration keep) {
        this.lookup = lookup;
        this.keep = keep;
    }

    /// All addresses of a name, at least one. When a name that was known cannot be looked up again,
    /// or not soon, its last addresses serve on.
    ///
    /// @throws UnknownHostException   if the name has none
    /// @throws SocketTimeoutException if the answer did not come in time
    List<InetAddress> addresses(String host, Deadline deadline) throws IOException {
        Known last = known.get(host);
        if (last != null && System.nanoTime() - last.since() < keep.toNanos()) return last.addresses();
        long left = Math.max(1, deadline.leftNanos());
        long patience = last == null ? left : Math.min(REFRESH_NANOS, left / 2); // the rest is for the connection
        try {
            return ask(host).get(patience, TimeUnit.NANOSECONDS).addresses();
        } catch (ExecutionException e) {
            if (last != null) return last.addresses();
            throw new UnknownHostException(host);
        } catch (TimeoutException e) {
            if (last != null) return last.addresses();
            throw new SocketTimeoutException("name lookup");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SocketTimeoutException("interrupted in a name lookup");
        }
    }

    private CompletableFuture<Known> ask(String host) {
        return asking.computeIfAbsent(host, _ -> CompletableFuture.supplyAsync(() -> lookUp(host), threads));
    }

    private Known lookUp(String host) {
        try {
            Known fresh = new Known(lookup.all(host), System.nanoTime());
            known.put(host, fresh);
            return fresh;
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        } finally {
            asking.remove(host);
        }
    }
}
