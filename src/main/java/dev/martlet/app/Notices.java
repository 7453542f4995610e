package dev.martlet.app;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;

/// A way to a datagram socket of the AF_UNIX family, which the JDK's own channels cannot reach: libc's socket, sendto
/// and close (socket(2), sendto(2), unix(7)), as on Linux.
final class Notices {
    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int ADDRESS_OFFSET = 2; // after sa_family_t
    private static final int ADDRESS_BYTES_MAX = 107; // sun_path, less the final NUL

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final MethodHandle SOCKET =
            function(
                    "socket",
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final MethodHandle SENDTO =
            function(
                    "sendto",
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_INT,
                            ValueLayout.ADDRESS,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_INT,
                            ValueLayout.ADDRESS,
                            ValueLayout.JAVA_INT));
    private static final MethodHandle CLOSE =
            function("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

    private final byte[] address;

    /// @param address a path, or `@` and a name in the abstract space
    /// @throws IllegalArgumentException if it is of another kind, or too long
    Notices(String address) {
        boolean known = address.startsWith("/") || address.startsWith("@");
        byte[] bytes = address.getBytes(StandardCharsets.UTF_8);
        if (!known || bytes.length < 2 || bytes.length > ADDRESS_BYTES_MAX) {
            throw new IllegalArgumentException("not the address of an AF_UNIX socket");
        }
        if (bytes[0] == '@') bytes[0] = 0;
        this.address = bytes;
    }

    /// Sends one datagram.
    ///
    /// @return 0, or the errno of the call that failed
    int send(String text) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            int socket = (int) SOCKET.invokeExact(state, AF_UNIX, SOCK_DGRAM_CLOEXEC, 0);
            if (socket < 0) return (int) ERRNO.get(state, 0L);
            long sent = sendTo(arena, state, socket, text.getBytes(StandardCharsets.UTF_8));
            int errno = (int) ERRNO.get(state, 0L);
            int _ = (int) CLOSE.invokeExact(state, socket);
            return sent < 0 ? errno : 0;
        } catch (Throwable e) { // what invokeExact declares; the functions themselves throw nothing
            throw new IllegalStateException(e);
        }
    }

    private long sendTo(Arena arena, MemorySegment state, int socket, byte[] text) throws Throwable {
        MemorySegment message = arena.allocate(Math.max(text.length, 1));
        message.copyFrom(MemorySegment.ofArray(text));
        MemorySegment target = arena.allocate(ADDRESS_OFFSET + ADDRESS_BYTES_MAX + 1L, Short.BYTES);
        target.set(ValueLayout.JAVA_SHORT, 0, (short) AF_UNIX);
        MemorySegment.copy(address, 0, target, ValueLayout.JAVA_BYTE, ADDRESS_OFFSET, address.length);
        // A path ends with its NUL; every byte of an abstract name counts.
        int size = ADDRESS_OFFSET + address.length + (address[0] == 0 ? 0 : 1);
        return (long) SENDTO.invokeExact(state, socket, message, (long) text.length, MSG_NOSIGNAL, target, size);
    }

    @SuppressWarnings("restricted") // the manifest's Enable-Native-Access allows it
    private static MethodHandle function(String name, FunctionDescriptor descriptor) {
        MemorySegment symbol = LINKER.defaultLookup().findOrThrow(name);
        return LINKER.downcallHandle(symbol, descriptor, Linker.Option.captureCallState("errno"));
    }
}
