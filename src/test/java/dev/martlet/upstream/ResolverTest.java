package dev.martlet.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.martlet.Deadline;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

class ResolverTest {
    private static final List<InetAddress> ONE = List.of(InetAddress.getLoopbackAddress());

    private final AtomicInteger lookups = new AtomicInteger();

    @Test
    @DisplayName("U-3 addresses are kept for a while, and looked up again after it")
    void looksUpAgainWhenTheTimeIsOver() throws IOException {
        Resolver kept = new Resolver(this::counted, Duration.ofMinutes(1));
        Resolver forgotten = new Resolver(this::counted, Duration.ZERO);
        for (int i = 0; i < 3; i++) kept.addresses("a", soon());
        assertEquals(1, lookups.get());
        for (int i = 0; i < 3; i++) forgotten.addresses("a", soon());
        assertEquals(4, lookups.get());
    }

    @Test
    @DisplayName("U-3 a name that was known serves on while it cannot be looked up")
    void lastAddressesServeOn() throws IOException {
        Resolver resolver =
                new Resolver(
                        host -> {
                            if (lookups.incrementAndGet() > 1) throw new UnknownHostException(host);
                            return ONE;
                        },
                        Duration.ZERO);
        assertEquals(ONE, resolver.addresses("a", soon()));
        assertEquals(ONE, resolver.addresses("a", soon()));
        assertEquals(2, lookups.get());
    }

    @Test
    @DisplayName("U-3 no such name")
    void saysThatThereIsNone() {
        Resolver resolver =
                new Resolver(
                        host -> {
                            throw new UnknownHostException(host);
                        },
                        Duration.ofMinutes(1));
        assertThrows(UnknownHostException.class, () -> resolver.addresses("a", soon()));
    }

    @Test
    @DisplayName("U-3 a slow answer for one name holds up no other")
    void aSlowNameHoldsUpNoOther() throws IOException {
        CountDownLatch never = new CountDownLatch(1);
        Resolver resolver =
                new Resolver(
                        host -> {
                            if (host.equals("slow")) awaitQuietly(never);
                            return ONE;
                        },
                        Duration.ofMinutes(1));
        Deadline brief = Deadline.in(Duration.ofMillis(50));
        assertThrows(SocketTimeoutException.class, () -> resolver.addresses("slow", brief));
        assertEquals(ONE, resolver.addresses("fast", soon()));
        never.countDown();
    }

    private List<InetAddress> counted(String host) {
        lookups.incrementAndGet();
        return ONE;
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Deadline soon() {
        return Deadline.in(Duration.ofSeconds(5));
    }
}
