package dev.martlet.server;

import dev.martlet.Refusal;
import dev.martlet.Refused;
import dev.martlet.server.ServerSettings.Allowance;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/// Counts the requests of each address, so that none makes more than it may within any window. What was counted in the
/// window before weighs less the older it is: two counters an address, and no list of times.
final class Visits {
    /// A household or a server of IPv6 has a whole network of this size.
    private static final int IPV6_OCTETS = 8;

    /// Addresses counted at the same time; at the next one everybody begins anew.
    private static final int ADDRESSES_MAX = 100_000;

    private final Allowance allowance;
    private final String limit;
    private final LongSupplier nanoTime;
    private Map<ByteBuffer, Integer> before = new HashMap<>();
    private Map<ByteBuffer, Integer> now = new HashMap<>();
    private long windowBegan;

    /// @param limit    what the allowance is called, to whoever asks for more
    /// @param nanoTime a clock that never goes back, in nanoseconds
    Visits(Allowance allowance, String limit, LongSupplier nanoTime) {
        this.allowance = allowance;
        this.limit = limit;
        this.nanoTime = nanoTime;
        this.windowBegan = nanoTime.getAsLong();
    }

    /// Counts a request.
    ///
    /// @throws Refused when it is one too many; it is not counted then
    void enter(InetAddress address) {
        if (allowance.requests() == 0) return;
        ByteBuffer who = who(address);
        synchronized (this) {
            double passed = turn();
            int counted = now.getOrDefault(who, 0);
            double weighed = before.getOrDefault(who, 0) * (1 - passed) + counted;
            if (weighed + 1 > allowance.requests()) throw new Refused(new Refusal.TooManyRequests(left(passed), limit));
            if (now.size() >= ADDRESSES_MAX) now.clear();
            now.put(who, counted + 1);
        }
    }

    /// Begins a new window when it is time; the share of it that has passed.
    private double turn() {
        double passed = (double) (nanoTime.getAsLong() - windowBegan) / allowance.window().toNanos();
        if (passed < 1) return passed;
        before = passed < 2 ? now : new HashMap<>();
        now = new HashMap<>();
        windowBegan += (long) Math.floor(passed) * allowance.window().toNanos();
        return passed - Math.floor(passed);
    }

    private Duration left(double passed) {
        return Duration.ofNanos((long) (allowance.window().toNanos() * (1 - passed)));
    }

    private static ByteBuffer who(InetAddress address) {
        byte[] octets = address.getAddress();
        return ByteBuffer.wrap(octets.length > IPV6_OCTETS ? Arrays.copyOf(octets, IPV6_OCTETS) : octets);
    }
}
