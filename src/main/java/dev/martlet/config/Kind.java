package dev.martlet.config;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// What a value may be.
///
/// @param allowed for the operator, behind the word "allowed"
/// @param reading the value, or nothing when the text is not allowed
record Kind<T>(String allowed, Function<String, Optional<T>> reading) {

    Optional<T> read(String text) {
        return reading.apply(text);
    }

    static Kind<Integer> whole(int least, int most) {
        return new Kind<>(
                least + " to " + most, text -> number(text).filter(within(least, most)).map(Math::toIntExact));
    }

    static Kind<Duration> time(Duration least, Duration most) {
        Units units = Units.TIME;
        String range = units.write(least.toMillis()) + " to " + units.write(most.toMillis());
        return new Kind<>(
                range + ", with a unit: " + units.names(),
                text -> units.read(text).filter(within(least.toMillis(), most.toMillis())).map(Duration::ofMillis));
    }

    /// A bare number of milliseconds, as the seeds' variables have it.
    static Kind<Duration> millis(Duration least, Duration most) {
        return new Kind<>(
                least.toMillis() + " to " + most.toMillis() + " (milliseconds)",
                text -> number(text).filter(within(least.toMillis(), most.toMillis())).map(Duration::ofMillis));
    }

    /// In bytes.
    static Kind<Long> size(long least, long most) {
        Units units = Units.SIZE;
        return new Kind<>(
                units.write(least) + " to " + units.write(most) + ", in bytes or with a unit: " + units.names(),
                text -> units.read(text).filter(within(least, most)));
    }

    /// One of the words of an enum, in any case.
    static <E extends Enum<E>> Kind<E> word(Class<E> words) {
        E[] all = words.getEnumConstants();
        return new Kind<>(
                Arrays.stream(all).map(each -> each.name().toLowerCase(Locale.ROOT)).collect(Collectors.joining(", ")),
                text -> Arrays.stream(all).filter(each -> each.name().equalsIgnoreCase(text)).findFirst());
    }

    private static Optional<Long> number(String text) {
        return text.matches("[0-9]{1,18}") ? Optional.of(Long.valueOf(text)) : Optional.empty();
    }

    private static Predicate<Long> within(long least, long most) {
        return value -> least <= value && value <= most;
    }
}
