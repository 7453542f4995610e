package dev.martlet.server;

import dev.martlet.Deadline;

import java.time.Duration;

/// How long a client may still take to send a body. Only the waiting for it counts, not what is done with it meanwhile;
/// and what has come buys more time, so that a large body may take long and a trickle may not.
final class UploadClock {
    /// The least that a client has to send, in the long run.
    private static final long BYTES_PER_SECOND_MIN = 64 << 10;

    private static final long NANOS_PER_BYTE = 1_000_000_000 / BYTES_PER_SECOND_MIN;

    private long leftNanos;

    UploadClock(Duration time) {
        leftNanos = time.toNanos();
    }

    /// Until when the next bytes have to come.
    Deadline deadline() {
        return Deadline.in(Duration.ofNanos(Math.max(0, leftNanos)));
    }

    /// Notes a wait, and what came of it.
    void waited(long nanos, int bytes) {
        leftNanos += Math.max(0, bytes) * NANOS_PER_BYTE - nanos;
    }
}
