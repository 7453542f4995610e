package dev.martlet.relay;

import dev.martlet.ClientLeft;
import dev.martlet.wire.SseEvent;

import java.util.concurrent.locks.ReentrantLock;

/// The client's end of an event stream. Between two events, and never inside one, the pulse may write a comment, which
/// every reader passes over.
final class SteadyStream {
    private static final byte[] PING = SseEvent.comment("ping");

    private final Reply reply;
    private final ReentrantLock turn = new ReentrantLock();
    private volatile long wroteAt = System.nanoTime();

    SteadyStream(Reply reply) {
        this.reply = reply;
    }

    /// Writes a whole event, or what is known to be the beginning of one that follows at once.
    void write(byte[] bytes) {
        turn.lock();
        try {
            reply.write(bytes, 0, bytes.length);
            wroteAt = System.nanoTime();
        } finally {
            turn.unlock();
        }
    }

    void flush() {
        turn.lock();
        try {
            reply.flush();
        } finally {
            turn.unlock();
        }
    }

    long silentNanos(long now) {
        return now - wroteAt;
    }

    /// Somebody who writes is a sign of life, too.
    void beat() {
        if (!turn.tryLock()) return;
        try {
            wroteAt = System.nanoTime();
            reply.write(PING, 0, PING.length);
            reply.flush();
        } catch (ClientLeft e) {
            // Whoever serves the client finds out by itself: the connection is closed.
        } finally {
            turn.unlock();
        }
    }
}
