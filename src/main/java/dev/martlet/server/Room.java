package dev.martlet.server;

import com.sun.management.UnixOperatingSystemMXBean;

import java.lang.management.ManagementFactory;

/// What the process may use, and how many clients that is enough for.
///
/// @param heapBytes the largest heap
/// @param files     file descriptors that may be open at the same time
record Room(long heapBytes, long files) {
    /// Descriptors that are no client's: jar, logs, epoll, name lookups, files read again on a reload, the operator's listener.
    private static final int OWN_FILES_MIN = 64;

    private static final int OWN_FILES_MAX = 192;

    /// A client, and an attempt on its behalf.
    private static final int FILES_EACH = 2;

    /// What a call under way holds beside its body, which has a budget of its own.
    private static final int HEAP_BYTES_EACH = 34 << 10;

    /// What lives in the heap of a gateway that does nothing.
    private static final int HEAP_BYTES_IDLE = 24 << 20;

    private static final int CONNECTIONS_MIN = 16;
    private static final int CONNECTIONS_MAX = 100_000;

    /// Of this process.
    static Room here() {
        long files =
                ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                        ? unix.getMaxFileDescriptorCount()
                        : 1024;
        return new Room(Runtime.getRuntime().maxMemory(), files);
    }

    /// Clients connected at the same time, so that neither files nor heap run out.
    int connections() {
        long forCalls = heapBytes - HEAP_BYTES_IDLE - bufferedBytes();
        return Math.clamp(forCalls / HEAP_BYTES_EACH, CONNECTIONS_MIN, connectionsByFiles());
    }

    /// The most that any heap would help to.
    int connectionsByFiles() {
        long forClients = files - ownFiles() - reserve() - resting();
        return Math.clamp(forClients / FILES_EACH, CONNECTIONS_MIN, CONNECTIONS_MAX);
    }

    /// Connections to upstreams that may rest until they are used again.
    int resting() {
        return Math.clamp(files / 8, CONNECTIONS_MIN, CONNECTIONS_MAX);
    }

    private int ownFiles() {
        return Math.clamp(files / 8, OWN_FILES_MIN, OWN_FILES_MAX);
    }

    /// Connections above the limit that are still accepted, to be told so or to see the operator's pages.
    int reserve() {
        return Math.clamp(files / 16, 4, 64);
    }

    /// A quarter of the heap for bodies that are held.
    long bufferedBytes() {
        return heapBytes / 4;
    }
}
