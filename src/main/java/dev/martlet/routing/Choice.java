package dev.martlet.routing;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/// Ways to choose one of many by weight, without a look at more of them than it takes.
final class Choice {
    /// Where so many in turn are not free, most are not, and all are looked at.
    private static final int DRAWS = 8;

    private static final double TO_UNIT = 0x1.0p-53;

    private Choice() {}

    /// The one at the first of some places that is free; else one of the free ones by weight and by chance: who takes turns
    /// among all would meet the same of them again and again.
    static <T> Optional<T> drawn(Line<T> line, LongSupplier places, RandomGenerator random, Predicate<T> free) {
        int draws = Math.min(DRAWS, line.all().size());
        for (int i = 0; i < draws; i++) {
            T one = line.at(places.getAsLong());
            if (free.test(one)) return Optional.of(one);
        }
        return searched(line, random, free);
    }

    private static <T> Optional<T> searched(Line<T> line, RandomGenerator random, Predicate<T> free) {
        List<T> open = new ArrayList<>();
        long length = 0;
        for (T one : line.all()) {
            if (!free.test(one)) continue;
            open.add(one);
            length += line.weight(one);
        }
        if (open.isEmpty()) return Optional.empty();
        long place = random.nextLong(length);
        int index = 0;
        while (place >= line.weight(open.get(index))) place -= line.weight(open.get(index++));
        return Optional.of(open.get(index));
    }

    /// The one that something belongs to, of those that are free: by weighted rendezvous hashing, so that when one is no
    /// longer free, only what belongs to it moves (Thaler and Ravishankar, 1998).
    static <T> Optional<T> belonging(Line<T> line, long affinity, Predicate<T> free) {
        boolean even = line.isEven();
        List<T> all = line.all();
        int best = -1;
        double most = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < all.size(); i++) {
            double lot = lot(affinity, line.mark(i));
            double score = even ? lot : line.weight(all.get(i)) / -Math.log(lot);
            if (score <= most || !free.test(all.get(i))) continue;
            best = i;
            most = score;
        }
        return best < 0 ? Optional.empty() : Optional.of(all.get(best));
    }

    /// A number between 0 and 1, both excluded, that looks like chance.
    private static double lot(long affinity, int mark) {
        return ((mixed(affinity ^ mixed(mark)) >>> 11) + 0.5) * TO_UNIT;
    }

    /// Spreads every bit over all (the finaliser of SplitMix64: Steele, Lea and Flood, 2014).
    private static long mixed(long bits) {
        long z = bits + 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
