package dev.martlet.wire;

import java.util.concurrent.atomic.AtomicLong;

/// Bytes that all calls together may hold in memory. Whoever wants to hold some leases them first and gives them back.
///
/// The last quarter is for those who hold little: bodies that are held whole leave room for others to flow through.
public final class ByteBudget {
    private static final long LITTLE_BYTES = 16 << 10;

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

    private boolean take(long bytes, long most) {
        long before = leased.getAndUpdate(now -> bytes <= most - now ? now + bytes : now);
        return bytes <= most - before;
    }

    /// The right to hold some bytes. Not for more than one thread.
    public final class Lease implements AutoCloseable {
        private long bytes;

        private Lease() {}

        /// What is leased.
        public long bytes() {
            return bytes;
        }

        /// Leases so many bytes altogether; false when there are not as many left, and nothing has changed then.
        public boolean grow(long bytesNeeded) {
            if (bytesNeeded <= bytes) return true;
            long most = bytesNeeded <= LITTLE_BYTES ? bytesMax : bytesMax / 4 * 3;
            if (!take(bytesNeeded - bytes, most)) return false;
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
