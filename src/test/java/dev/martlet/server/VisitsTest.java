package dev.martlet.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.martlet.Refusal;
import dev.martlet.Refused;
import dev.martlet.server.ServerSettings.Allowance;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

class VisitsTest {
    private static final InetAddress ONE = InetAddress.ofLiteral("192.0.2.1");

    private final AtomicLong clock = new AtomicLong(-5_000_000_000L);
    private final Visits visits =
            new Visits(new Allowance(3, Duration.ofSeconds(10)), "server.per-address", clock::get);

    @Test
    void refusesTheFourthWithinAWindowAndSaysHowLong() {
        times(3, "192.0.2.1");
        pass(4);
        Refused refused = assertThrows(Refused.class, () -> visits.enter(ONE));
        assertEquals(new Refusal.TooManyRequests(Duration.ofSeconds(6), "server.per-address"), refused.why());
        assertEquals(6, refused.why().retryAfterSeconds().getAsLong());
    }

    @Test
    void countsEachAddressForItself() {
        times(3, "192.0.2.1");
        times(3, "192.0.2.2");
        times(3, "2001:db8::1");
    }

    @Test
    void countsANetworkOfIpv6AsOne() {
        times(2, "2001:db8:0:1::1");
        times(1, "2001:db8:0:1:ffff::2");
        assertThrows(Refused.class, () -> visits.enter(InetAddress.ofLiteral("2001:db8:0:1::3")));
        times(1, "2001:db8:0:2::1");
    }

    @Test
    void theWindowBeforeWeighsLessWithTime() {
        times(3, "192.0.2.1");
        pass(11);
        assertThrows(Refused.class, () -> visits.enter(ONE), "2.7 of the window before still count");
        pass(6);
        times(2, "192.0.2.1");
        assertThrows(Refused.class, () -> visits.enter(ONE), "0.9 of the window before and these two");
        pass(30);
        times(3, "192.0.2.1");
    }

    @Test
    void noAllowanceMeansAnyNumber() {
        Visits open = new Visits(new Allowance(0, Duration.ofSeconds(10)), "server.per-address", clock::get);
        for (int i = 0; i < 1000; i++) open.enter(ONE);
    }

    private void times(int count, String address) {
        for (int i = 0; i < count; i++) visits.enter(InetAddress.ofLiteral(address));
    }

    private void pass(int seconds) {
        clock.addAndGet(Duration.ofSeconds(seconds).toNanos());
    }
}
