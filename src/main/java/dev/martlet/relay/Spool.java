package dev.martlet.relay;

import dev.martlet.Refusal;
import dev.martlet.Refused;

import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/// Where bodies wait that cannot be sent before they are whole: files without a name, which are gone when they are closed or
/// when the process is. All together they are bounded, in number and in bytes, and leave some of the disk to others.
final class Spool {
    private static final System.Logger LOG = System.getLogger("martlet.spool");
    private static final int FILES_MAX = 64;
    private static final long FREE_BYTES_MIN = 256L << 20;

    /// How much is taken of the bytes for all, and asked of the disk, at a time.
    private static final long STEP_BYTES = 1 << 20;

    private final Path directory;
    private final long bytesMax;
    private final AtomicLong taken = new AtomicLong();
    private final Semaphore files;
    private final long freeBytesMin;

    /// @param bytesMax of all files together
    Spool(Path directory, long bytesMax) {
        this(directory, bytesMax, FILES_MAX, FREE_BYTES_MIN);
    }

    /// @param freeBytesMin what stays free of the disk
    Spool(Path directory, long bytesMax, int filesMax, long freeBytesMin) {
        this.directory = directory;
        this.bytesMax = bytesMax;
        this.files = new Semaphore(filesMax);
        this.freeBytesMin = freeBytesMin;
    }

    /// An empty file.
    ///
    /// @throws Refused if there are too many, or the disk does not take it
    Reel reel() {
        if (!files.tryAcquire()) throw new Refused(new Refusal.SpoolFull());
        boolean open = false;
        try {
            Reel reel = new Reel(unnamed());
            open = true;
            return reel;
        } catch (IOException e) {
            throw failed(e);
        } finally {
            if (!open) files.release();
        }
    }

    /// On Unix the name is taken away as soon as the file is open.
    private FileChannel unnamed() throws IOException {
        return FileChannel.open(
                directory.resolve("martlet-form-" + UUID.randomUUID()),
                Set.of(
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.DELETE_ON_CLOSE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    private Refused failed(IOException why) {
        LOG.log(Level.WARNING, "a form cannot be kept in {0}: {1}", directory, why.getMessage());
        return new Refused(new Refusal.StorageFailed());
    }

    private boolean take(long more) {
        long before = taken.getAndUpdate(now -> more <= bytesMax - now ? now + more : now);
        return more <= bytesMax - before;
    }

    /// A body in a file: written once, from its beginning to its end, and then read as often as it takes.
    final class Reel implements AutoCloseable {
        private final FileChannel file;
        private long reserved;
        private long length;

        private Reel(FileChannel file) {
            this.file = file;
        }

        long length() {
            return length;
        }

        /// Writes on.
        ///
        /// @throws Refused if there is no room for so much
        void write(byte[] from, int count) {
            reserve(length + count);
            ByteBuffer rest = ByteBuffer.wrap(from, 0, count);
            try {
                while (rest.hasRemaining()) length += file.write(rest);
            } catch (IOException e) {
                throw failed(e);
            }
        }

        private void reserve(long wanted) {
            if (wanted <= reserved) return;
            long more = (wanted - reserved + STEP_BYTES - 1) / STEP_BYTES * STEP_BYTES;
            if (!take(more)) throw new Refused(new Refusal.SpoolFull());
            reserved += more;
            long free = directory.toFile().getUsableSpace();
            if (free < freeBytesMin) throw failed(new IOException("only " + free + " bytes are free there"));
        }

        /// The content from one offset to another.
        InputStream part(long from, long to) {
            return new Part(file, from, to);
        }

        @Override
        public void close() {
            if (!file.isOpen()) return;
            try {
                file.close();
            } catch (IOException e) {
                LOG.log(Level.WARNING, "a file that held a form cannot be closed", e);
            } finally {
                taken.addAndGet(-reserved);
                files.release();
            }
        }
    }

    /// That the disk fails is no fault of whoever the content goes to.
    private final class Part extends InputStream {
        private final FileChannel file;
        private final long to;
        private long at;

        Part(FileChannel file, long from, long to) {
            this.file = file;
            this.at = from;
            this.to = to;
        }

        @Override
        public int read(byte[] into, int from, int length) {
            if (at == to) return -1;
            try {
                int count = file.read(ByteBuffer.wrap(into, from, (int) Math.min(length, to - at)), at);
                if (count < 0) throw new IOException("it is shorter than it was");
                at += count;
                return count;
            } catch (IOException e) {
                throw failed(e);
            }
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }
    }
}
