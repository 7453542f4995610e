package dev.martlet.server;

import dev.martlet.Deadline;
import dev.martlet.Departure;
import dev.martlet.Patience;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// What a client sends, as bytes. While somebody wants to know when the client leaves, a second virtual thread reads
/// ahead; a call that is answered at once never needs it. At any time one of the two reads, or neither.
final class Feed implements Patience {
    private static final int AHEAD_BYTES_MAX = 64 << 10;
    private static final int PIECE_BYTES = 512;
    private static final byte[] END = {};

    private final Line line;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private final Deque<byte[]> ahead = new ArrayDeque<>(0);
    private int aheadBytes;
    private boolean ownerReads;
    private boolean watcherReads;
    private boolean ended;
    private @Nullable Runnable onLeave;

    /// The rest of what was read ahead and did not fit; only for the owner.
    private byte[] rest = END;

    private int restFrom;

    Feed(Line line) {
        this.line = line;
    }

    /// Reads at least one byte, -1 at the end. For the thread that owns the connection.
    ///
    /// @throws SocketTimeoutException when the deadline passes first
    int read(byte[] into, int from, int length, Optional<Deadline> deadline) throws IOException {
        if (restFrom == rest.length) {
            Optional<byte[]> next = next(deadline);
            if (next.isEmpty()) return readHere(into, from, length, deadline);
            rest = next.get();
            restFrom = 0;
            if (rest.length == 0) return -1;
        }
        int count = Math.min(length, rest.length - restFrom);
        System.arraycopy(rest, restFrom, into, from, count);
        restFrom += count;
        return count;
    }

    @Override
    public Watch watch(Runnable leaving) {
        lock.lock();
        try {
            if (ended) leaving.run();
            else onLeave = leaving;
            startWatcher();
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

    @Override
    public Departure departure() {
        return line.departure();
    }

    /// What was read ahead: nothing when the next read is the owner's, [#END] at the end.
    private Optional<byte[]> next(Optional<Deadline> deadline) throws IOException {
        lock.lock();
        try {
            while (watcherReads && ahead.isEmpty()) {
                if (deadline.isEmpty()) news.await();
                else if (news.awaitNanos(deadline.get().leftNanos()) <= 0) {
                    throw new SocketTimeoutException("the client is too slow");
                }
            }
            byte[] next = ahead.poll();
            ownerReads = next == null && !ended;
            if (ownerReads) return Optional.empty();
            if (next == null) return Optional.of(END);
            aheadBytes -= next.length;
            return Optional.of(next);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        } finally {
            lock.unlock();
        }
    }

    private int readHere(byte[] into, int from, int length, Optional<Deadline> deadline) throws IOException {
        try {
            return line.read(into, from, length, deadline);
        } finally {
            lock.lock();
            try {
                ownerReads = false;
                startWatcher();
            } finally {
                lock.unlock();
            }
        }
    }

    /// Called under the lock.
    private void startWatcher() {
        if (onLeave == null || ownerReads || watcherReads || ended || !ahead.isEmpty()) return;
        watcherReads = true;
        Thread.ofVirtual().name("client-watch").start(this::readAhead);
    }

    private void readAhead() {
        byte[] piece = new byte[PIECE_BYTES];
        boolean more = true;
        while (more) {
            int count = receive(piece);
            lock.lock();
            try {
                ended = count < 0;
                if (count > 0) ahead.add(Arrays.copyOf(piece, count));
                aheadBytes += Math.max(0, count);
                if (ended && onLeave != null) onLeave.run();
                more = !ended && onLeave != null && aheadBytes < AHEAD_BYTES_MAX;
                watcherReads = more;
                news.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    private int receive(byte[] piece) {
        try {
            return line.read(piece, 0, piece.length, Optional.empty());
        } catch (IOException e) {
            return -1; // reset, or cut by us: either way nothing more will come
        }
    }
}
