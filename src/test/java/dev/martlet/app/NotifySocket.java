package dev.martlet.app;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// The manager's end of sd_notify(3): a bound datagram socket.
///
/// @param address as it stands in `NOTIFY_SOCKET`
record NotifySocket(String address, int descriptor) implements AutoCloseable {
    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;
    private static final short POLLIN = 1;
    private static final int BYTES_MAX = 4096;

    private static final MethodHandle SOCKET = function("socket", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle BIND = function("bind", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle POLL = function("poll", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
    private static final MethodHandle RECV = function("recv", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
    private static final MethodHandle CLOSE = function("close", JAVA_INT, JAVA_INT);

    static NotifySocket at(String address) throws IOException {
        byte[] name = address.getBytes(StandardCharsets.UTF_8);
        boolean isAbstract = name[0] == '@';
        if (isAbstract) name[0] = 0;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment where = arena.allocate(110, Short.BYTES);
            where.set(JAVA_SHORT, 0, (short) AF_UNIX);
            MemorySegment.copy(name, 0, where, JAVA_BYTE, 2, name.length);
            int descriptor = (int) SOCKET.invokeExact(AF_UNIX, SOCK_DGRAM, 0);
            int size = 2 + name.length + (isAbstract ? 0 : 1);
            if ((int) BIND.invokeExact(descriptor, where, size) != 0) throw new IOException("cannot bind " + address);
            return new NotifySocket(address, descriptor);
        } catch (IOException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /// The next datagram.
    String receive(Duration patience) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment polled = arena.allocate(Long.BYTES, Integer.BYTES); // struct pollfd
            polled.set(JAVA_INT, 0, descriptor);
            polled.set(JAVA_SHORT, 4, POLLIN);
            if ((int) POLL.invokeExact(polled, 1L, (int) patience.toMillis()) != 1)
                throw new IOException("no datagram");
            MemorySegment text = arena.allocate(BYTES_MAX);
            long count = (long) RECV.invokeExact(descriptor, text, (long) BYTES_MAX, 0);
            return new String(text.asSlice(0, count).toArray(JAVA_BYTE), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        try {
            int _ = (int) CLOSE.invokeExact(descriptor);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    @SuppressWarnings("restricted")
    private static MethodHandle function(String name, ValueLayout result, ValueLayout... arguments) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow(name), FunctionDescriptor.of(result, arguments));
    }
}
