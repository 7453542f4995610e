package dev.martlet.wire;

import java.util.concurrent.atomic.AtomicLong;

/// Bytes that all calls together may hold in memory. Whoever wants to hold some leases them first and gives them back.
public final class ByteBudget {
    private final long bytesMax;
    private final AtomicLong leased = new AtomicLong();

    public ByteBudget(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /// A lease of nothing yet.
    public Lease lease() {
        return new Lease();
    }

    /// Bytes that are held now.
    public long leased() {
        return leased.get();
    }

    private boolean take(long bytes) {
        long before = leased.getAndUpdate(now -> bytes <= bytesMax - now ? now + bytes : now);
        return bytes <= bytesMax - before;
    }

    /// The right to hold some bytes. Not for more than one thread.
    public final class Lease implements AutoCloseable {
        private long bytes;

        private Lease() {}

        /// Leases so many bytes altogether; false when there are not as many left, and nothing has changed then.
        public boolean grow(long bytesNeeded) {
            if (bytesNeeded <= bytes) return true;
            if (!take(bytesNeeded - bytes)) return false;
            bytes = bytesNeeded;
            return true;
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
