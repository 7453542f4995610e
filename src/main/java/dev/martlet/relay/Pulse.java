package dev.martlet.relay;

import dev.martlet.Routine;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Looks after the streams that run: one that has been silent for a while gets a sign of life, so that nobody on the way to
/// the client takes it for dead.
final class Pulse implements AutoCloseable {
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final long silenceNanosMax;
    private final Set<SteadyStream> streams = ConcurrentHashMap.newKeySet();
    private final Routine routine;

    /// @param silence after which a stream gets a sign of life
    Pulse(Duration silence) {
        this.silenceNanosMax = silence.toNanos();
        Duration look = silence.compareTo(LOOK) < 0 ? silence : LOOK;
        this.routine = new Routine("pulse", look, this::look);
    }

    void add(SteadyStream stream) {
        streams.add(stream);
    }

    void remove(SteadyStream stream) {
        streams.remove(stream);
    }

    /// A client that does not read must hold up nobody else: each sign is written on a thread of its own.
    private void look() {
        long now = System.nanoTime();
        for (SteadyStream stream : streams) {
            if (stream.silentNanos(now) >= silenceNanosMax) Thread.ofVirtual().name("pulse-beat").start(stream::beat);
        }
    }

    @Override
    public void close() {
        routine.close();
    }
}
