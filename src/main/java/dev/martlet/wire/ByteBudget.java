package dev.martlet.wire;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/// Bytes that all calls together may hold in memory. Whoever wants to hold some leases them first and gives them back.
public final class ByteBudget {
    private final long bytesMax;
    private final AtomicLong leased = new AtomicLong();

    public ByteBudget(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /// Leases so many bytes; empty when there are not as many left.
    public Optional<Lease> lease(long bytes) {
        if (leased.addAndGet(bytes) <= bytesMax) return Optional.of(new Lease(bytes));
        leased.addAndGet(-bytes);
        return Optional.empty();
    }

    /// Bytes that are held now.
    public long leased() {
        return leased.get();
    }

    /// The right to hold some bytes. Not for more than one thread.
    public final class Lease implements AutoCloseable {
        private long bytes;

        private Lease(long bytes) {
            this.bytes = bytes;
        }

        /// Gives back what is more than this.
        public void shrink(long bytesNeeded) {
            if (bytesNeeded >= bytes) return;
            leased.addAndGet(bytesNeeded - bytes);
            bytes = bytesNeeded;
        }

        /// Gives everything back.
        @Override
        public void close() {
            shrink(0);
        }
    }
}
