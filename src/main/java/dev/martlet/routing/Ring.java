package dev.martlet.routing;

import dev.martlet.Key;
import dev.martlet.KeyCondition;
import dev.martlet.Secret;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/// The keys of a channel, and the order in which they take turns: each as often as it weighs, evenly interleaved.
///
/// Turn after turn goes the same stride along the line of weights and around its end. A stride that shares no divisor with
/// the length meets every place once a round, so the shares are exact; one near the golden section spreads them.
final class Ring implements Line<Ring.Slot> {
    private static final double GOLDEN = 0.6180339887498949;

    /// A key and what is remembered of it.
    record Slot(Key key, KeyMemory memory) {
        KeyCondition condition(String channel) {
            Optional<Shut> shut = memory.shut();
            return new KeyCondition(
                    channel,
                    key.name(),
                    key.secret().map(Secret::masked).orElse(""),
                    memory.state(),
                    shut.map(Shut::word).orElse(""),
                    shut.flatMap(Shut::left),
                    memory.history().counts(),
                    memory.history().since());
        }
    }

    private final List<Slot> slots;
    private final long divisor;
    private final long[] upTo;
    private final int[] marks;
    private final long stride;

    Ring(List<Slot> slots) {
        this.slots = List.copyOf(slots);
        this.divisor = slots.stream().mapToLong(slot -> slot.key().weight()).reduce(0, Ring::commonDivisor);
        this.upTo = new long[slots.size()];
        long sum = 0;
        for (int i = 0; i < upTo.length; i++) {
            sum += weight(slots.get(i));
            upTo[i] = sum;
        }
        this.marks = slots.stream().mapToInt(slot -> slot.key().id().hashCode()).toArray();
        this.stride = isEven() ? 1 : stride(sum);
    }

    private static long stride(long length) {
        long ideal = Math.round(length * GOLDEN);
        return LongStream.range(0, length)
                .map(distance -> ideal + distance)
                .filter(stride -> commonDivisor(stride, length) == 1)
                .findFirst()
                .orElse(1);
    }

    private static long commonDivisor(long a, long b) {
        return BigInteger.valueOf(a).gcd(BigInteger.valueOf(b)).longValueExact();
    }

    @Override
    public List<Slot> all() {
        return slots;
    }

    @Override
    public long length() {
        return upTo[upTo.length - 1];
    }

    @Override
    public long weight(Slot one) {
        return one.key().weight() / divisor;
    }

    @Override
    public Slot at(long place) {
        int found = Arrays.binarySearch(upTo, place + 1);
        return slots.get(found < 0 ? -found - 1 : found);
    }

    @Override
    public boolean isEven() {
        return length() == slots.size();
    }

    @Override
    public int mark(int index) {
        return marks[index];
    }

    /// The place of a turn.
    long place(long turn) {
        long round = length();
        return stride == 1 ? Math.floorMod(turn, round) : wrapped(Math.floorMod(turn, round), round);
    }

    private long wrapped(long turn, long round) {
        boolean fits = Math.multiplyHigh(turn, stride) == 0 && turn * stride >= 0;
        if (fits) return turn * stride % round;
        BigInteger product = BigInteger.valueOf(turn).multiply(BigInteger.valueOf(stride));
        return product.mod(BigInteger.valueOf(round)).longValueExact();
    }
}
