package dev.martlet.telemetry;

import com.sun.management.UnixOperatingSystemMXBean;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/// What the process takes of its machine.
///
/// @param cpu           processor time since the start, over all cores
/// @param collections   garbage collections since the start
/// @param collecting    how long they took
/// @param threads       platform threads; virtual ones are not counted
/// @param openFiles     files and sockets, and how many it may open
public record Footprint(
        Memory memory,
        Duration cpu,
        long collections,
        Duration collecting,
        int threads,
        OpenFiles openFiles,
        Duration uptime) {
    private static final Path STATUS = Path.of("/proc/self/status");

    /// Memory, in bytes.
    ///
    /// @param resident what the process occupies, heap and all; empty where `/proc` does not say
    /// @param heap     the Java heap
    /// @param outside  what Java itself uses beside the heap: classes, code
    /// @param buffers  buffers for input and output beside the heap
    public record Memory(OptionalLong resident, Heap heap, long outside, long buffers) {
        /// Reads it; costs about a tenth of a millisecond.
        public static Memory now() {
            MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
            MemoryUsage heap = memory.getHeapMemoryUsage();
            long buffers =
                    ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                            .mapToLong(BufferPoolMXBean::getMemoryUsed)
                            .sum();
            return new Memory(
                    readResidentBytes(),
                    new Heap(heap.getUsed(), heap.getCommitted(), heap.getMax()),
                    memory.getNonHeapMemoryUsage().getUsed(),
                    buffers);
        }
    }

    /// In bytes: in use, taken from the system, and the most there can be.
    public record Heap(long used, long committed, long max) {}

    /// Open now, and at most.
    public record OpenFiles(long now, long max) {
        /// Counting them takes one more, and throws when there is none: then all are open.
        static OpenFiles counted(LongSupplier count, long max) {
            try {
                return new OpenFiles(count.getAsLong(), max);
            } catch (InternalError none) {
                return new OpenFiles(max, max);
            }
        }
    }

    /// Reads it; costs a little more than [Memory#now], and much more with many open sockets.
    public static Footprint now() {
        UnixOperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(UnixOperatingSystemMXBean.class);
        List<GarbageCollectorMXBean> collectors = ManagementFactory.getGarbageCollectorMXBeans();
        return new Footprint(
                Memory.now(),
                Duration.ofNanos(system.getProcessCpuTime()),
                collectors.stream().mapToLong(GarbageCollectorMXBean::getCollectionCount).sum(),
                Duration.ofMillis(collectors.stream().mapToLong(GarbageCollectorMXBean::getCollectionTime).sum()),
                ManagementFactory.getThreadMXBean().getThreadCount(),
                OpenFiles.counted(system::getOpenFileDescriptorCount, system.getMaxFileDescriptorCount()),
                Duration.ofMillis(ManagementFactory.getRuntimeMXBean().getUptime()));
    }

    /// `VmRSS`, which the kernel gives in kB (proc_pid_status(5)).
    private static OptionalLong readResidentBytes() {
        try (Stream<String> lines = Files.lines(STATUS)) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("[^0-9]", "")))
                    .findFirst();
        } catch (IOException | UncheckedIOException e) {
            return OptionalLong.empty();
        }
    }
}
