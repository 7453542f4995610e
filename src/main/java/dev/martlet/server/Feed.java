package dev.martlet.server;

import dev.martlet.Deadline;
import dev.martlet.Patience;

import io.helidon.common.socket.HelidonSocket;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// What a client sends, as bytes. Helidon's socket knows no timeouts; so where a read is bounded, or somebody wants to
/// know when the client leaves, a second virtual thread does the reading until it has what was wanted. A call that is
/// answered at once never needs it.
final class Feed implements Patience {
    private static final int AHEAD_BYTES_MAX = 64 << 10;

    private final HelidonSocket socket;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private final Deque<byte[]> ahead = new ArrayDeque<>();
    private int aheadBytes;
    private boolean reading;
    private boolean ended;
    private @Nullable Runnable onLeave;

    /// The rest of what was read last and did not fit; only for the thread that reads.
    private byte[] rest = new byte[0];

    private int restFrom;

    Feed(HelidonSocket socket) {
        this.socket = socket;
    }

    /// Reads at least one byte, -1 at the end. Without a deadline it waits for as long as Helidon lets it.
    int read(byte[] into, int from, int length, Optional<Deadline> deadline) throws IOException {
        if (restFrom == rest.length) {
            byte[] next = next(deadline);
            if (next == null) return -1;
            rest = next;
            restFrom = 0;
        }
        int count = Math.min(length, rest.length - restFrom);
        System.arraycopy(rest, restFrom, into, from, count);
        restFrom += count;
        return count;
    }

    /// Whether the client is known to have left.
    boolean ended() {
        lock.lock();
        try {
            return ended && ahead.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Watch watch(Runnable leaving) {
        lock.lock();
        try {
            if (ended) leaving.run();
            else onLeave = leaving;
            startReading();
        } finally {
            lock.unlock();
        }
        return () -> {
            lock.lock();
            try {
                onLeave = null;
            } finally {
                lock.unlock();
            }
        };
    }

    private byte @Nullable [] next(Optional<Deadline> deadline) throws IOException {
        lock.lock();
        try {
            if (deadline.isPresent()) startReading();
            boolean bySelf = !reading && ahead.isEmpty() && !ended;
            if (!bySelf) return await(deadline);
        } finally {
            lock.unlock();
        }
        return receive();
    }

    private byte @Nullable [] await(Optional<Deadline> deadline) throws IOException {
        try {
            while (ahead.isEmpty() && !ended) {
                if (deadline.isEmpty()) news.await();
                else if (deadline.get().passed()) throw new SocketTimeoutException("the client is too slow");
                else news.awaitNanos(Math.max(1, deadline.get().leftNanos()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
        byte[] next = ahead.poll();
        if (next != null) aheadBytes -= next.length;
        return next;
    }

    private void startReading() {
        if (reading || ended || !ahead.isEmpty()) return;
        reading = true;
        Thread.ofVirtual().name("client-watch").start(this::readAhead);
    }

    private void readAhead() {
        boolean more = true;
        while (more) {
            byte[] bytes = receive();
            lock.lock();
            try {
                if (bytes == null) ended = true;
                else ahead.add(bytes);
                aheadBytes += bytes == null ? 0 : bytes.length;
                if (ended && onLeave != null) onLeave.run();
                more = !ended && onLeave != null && aheadBytes < AHEAD_BYTES_MAX;
                reading = more;
                news.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    private byte @Nullable [] receive() {
        try {
            return socket.get();
        } catch (UncheckedIOException e) {
            return null; // reset, or closed by us: either way nothing more will come
        }
    }
}
