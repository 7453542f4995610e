package dev.martlet.server;

import dev.martlet.Deadline;
import dev.martlet.Departure;
import dev.martlet.Patience;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// What a client sends, as bytes. While somebody wants to know when the client leaves, a second virtual thread reads
/// ahead; a call that is answered at once never needs it. At any time one of the two reads, or neither.
final class Feed implements Patience {
    /// More of a body waits where it is. More than this behind a request that is whole means that the client could not
    /// be seen leaving any more: it is sent away.
    private static final int AHEAD_BYTES_MAX = 16 << 10;

    private static final int PIECE_BYTES = 512;
    private static final byte[] END = {};

    private final Line line;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private byte[] ahead = END;
    private boolean ownerReads;
    private boolean watcherReads;
    private boolean ended;
    private boolean calledOff;
    private boolean bodyComes;
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

    /// Says whether a request's body is still to come.
    void bodyComes(boolean comes) {
        lock.lock();
        try {
            bodyComes = comes;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Watch watch(Runnable leaving) {
        lock.lock();
        try {
            if (ended || calledOff) leaving.run();
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

    /// Whoever waits on the client's behalf gives up, now and from here on; the line still takes what is written.
    void callOff() {
        lock.lock();
        try {
            calledOff = true;
            line.announceCut();
            if (onLeave != null) onLeave.run();
            onLeave = null;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Departure departure() {
        return line.departure();
    }

    /// What was read ahead: nothing when the next read is the owner's, [#END] at the end.
    private Optional<byte[]> next(Optional<Deadline> deadline) throws IOException {
        lock.lock();
        try {
            while (watcherReads && ahead.length == 0) {
                if (deadline.isEmpty()) news.await();
                else if (news.awaitNanos(deadline.get().leftNanos()) <= 0) {
                    throw new SocketTimeoutException("the client is too slow");
                }
            }
            ownerReads = ahead.length == 0 && !ended;
            if (ownerReads) return Optional.empty();
            byte[] next = ahead;
            ahead = END;
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
        if (onLeave == null || ownerReads || watcherReads || ended || full()) return;
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
                if (count > 0) keep(piece, count);
                if (full() && !bodyComes) {
                    line.cut(Departure.LEFT);
                    ended = true;
                }
                if (ended && onLeave != null) onLeave.run();
                more = !ended && !full() && onLeave != null;
                watcherReads = more;
                news.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    private boolean full() {
        return ahead.length > AHEAD_BYTES_MAX - PIECE_BYTES;
    }

    private void keep(byte[] piece, int count) {
        int kept = ahead.length;
        ahead = Arrays.copyOf(ahead, kept + count);
        System.arraycopy(piece, 0, ahead, kept, count);
    }

    private int receive(byte[] piece) {
        try {
            return line.read(piece, 0, piece.length, Optional.empty());
        } catch (IOException e) {
            return -1; // reset, or cut by us: either way nothing more will come
        }
    }
}
