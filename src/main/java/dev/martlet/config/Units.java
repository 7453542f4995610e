package dev.martlet.config;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Whole numbers with a unit behind them, as people write times and sizes.
///
/// @param units from small to large; the one without a name is for a bare number
record Units(List<Unit> units) {
    /// Times in milliseconds; a bare number is nobody's guess, so it has no unit.
    static final Units TIME =
            of(
                    new Unit("ms", 1),
                    new Unit("s", 1_000),
                    new Unit("m", 60_000),
                    new Unit("h", 3_600_000),
                    new Unit("d", 86_400_000));

    /// Sizes in bytes. The decimal units stand first so that [#write] prefers the binary ones.
    static final Units SIZE =
            of(
                    new Unit("", 1),
                    new Unit("B", 1),
                    new Unit("KB", 1_000),
                    new Unit("MB", 1_000_000),
                    new Unit("GB", 1_000_000_000),
                    new Unit("KiB", 1 << 10),
                    new Unit("MiB", 1 << 20),
                    new Unit("GiB", 1 << 30));

    /// Sizes as the seeds have them.
    static final Units SEED_SIZE =
            of(
                    new Unit("", 1),
                    new Unit("b", 1),
                    new Unit("kb", 1 << 10),
                    new Unit("mb", 1 << 20),
                    new Unit("gb", 1 << 30));

    private static final Pattern AMOUNT = Pattern.compile("([0-9]{1,12})([A-Za-z]*)");

    /// One unit, and how many of the smallest it stands for.
    record Unit(String name, long factor) {
        Optional<Long> times(long number) {
            return number > Long.MAX_VALUE / factor ? Optional.empty() : Optional.of(number * factor);
        }
    }

    private static Units of(Unit... units) {
        return new Units(Arrays.asList(units));
    }

    Optional<Long> read(String text) {
        Matcher amount = AMOUNT.matcher(text);
        if (!amount.matches()) return Optional.empty();
        String name = text.substring(amount.start(2));
        long number = Long.parseLong(text.substring(0, amount.end(1)));
        return units.stream().filter(unit -> unit.name().equals(name)).findFirst().flatMap(unit -> unit.times(number));
    }

    /// In the last unit of the list that leaves no rest.
    String write(long amount) {
        return units.reversed().stream()
                .filter(unit -> amount == 0 ? unit.factor() == 1 : amount % unit.factor() == 0)
                .findFirst()
                .map(unit -> amount / unit.factor() + unit.name())
                .orElseThrow();
    }

    String names() {
        return units.stream().map(Unit::name).filter(name -> !name.isEmpty()).collect(Collectors.joining(", "));
    }
}
