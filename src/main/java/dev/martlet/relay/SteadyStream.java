package dev.martlet.relay;

import dev.martlet.ClientLeft;
import dev.martlet.Departure;
import dev.martlet.wire.SseEvent;

import java.util.concurrent.locks.ReentrantLock;

/// The client's end of an event stream. Between two events, never inside one and never behind the last, the pulse may write
/// a comment, which every reader passes over.
final class SteadyStream {
    private static final byte[] PING = SseEvent.comment("ping");

    private final Reply reply;
    private final ReentrantLock turn = new ReentrantLock();
    private volatile long wroteAt = System.nanoTime();
    private boolean amid;
    private boolean over;

    SteadyStream(Reply reply) {
        this.reply = reply;
    }

    /// Writes an event, or a part of one that is too large to be whole.
    ///
    /// @param ends whether the event ends with it
    void write(byte[] bytes, boolean ends) {
        turn.lock();
        try {
            amid = !ends;
            reply.write(bytes, 0, bytes.length);
            wroteAt = System.nanoTime();
        } finally {
            turn.unlock();
        }
    }

    /// Whether what was written last ends an event. For whoever writes.
    boolean betweenEvents() {
        return !amid;
    }

    /// Whether we stop, and cannot wait for the rest of it.
    boolean isCalledOff() {
        return reply.patience().departure() == Departure.CUT;
    }

    void flush() {
        turn.lock();
        try {
            reply.flush();
        } finally {
            turn.unlock();
        }
    }

    /// The stream is whole.
    void finish() {
        turn.lock();
        try {
            over = true;
            reply.finish();
        } finally {
            turn.unlock();
        }
    }

    /// Nothing more is written, whoever is about to.
    void end() {
        turn.lock();
        try {
            over = true;
        } finally {
            turn.unlock();
        }
    }

    long silentNanos(long now) {
        return now - wroteAt;
    }

    /// Writes a comment, unless the stream is over or inside an event. Somebody who writes is a sign of life, too.
    void beat() {
        if (!turn.tryLock()) return;
        try {
            if (over || amid) return;
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
