package dev.martlet.config;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What a value may be.
///
/// @param allowed for the operator, behind the word "allowed"
/// @param secret  whether it may be a credential, so that none of it is printed
/// @param reading the value, or nothing when the text is not allowed
record Kind<T>(String allowed, boolean secret, Function<String, Optional<T>> reading) {
    Kind(String allowed, Function<String, Optional<T>> reading) {
        this(allowed, false, reading);
    }

    /// What is made of a value that is allowed.
    <U> Kind<U> map(Function<T, U> made) {
        return new Kind<>(allowed, secret, text -> read(text).map(made));
    }

    /// The same, for what may be a credential.
    Kind<T> hidden() {
        return new Kind<>(allowed, true, reading);
    }

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

    /// A share of the whole, in hundredths.
    static Kind<Integer> percent() {
        Kind<Integer> number = whole(0, 100);
        return new Kind<>(
                "0% to 100%",
                text -> text.endsWith("%") ? number.read(text.substring(0, text.length() - 1)) : Optional.empty());
    }

    /// Whatever the text is.
    static <T> Kind<T> always(T value) {
        return new Kind<>("anything", _ -> Optional.of(value));
    }

    /// The same, but for one word in any case.
    Kind<T> butFor(String word, T other) {
        return new Kind<>(allowed, secret, text -> text.equalsIgnoreCase(word) ? Optional.of(other) : read(text));
    }

    /// `true` or `false`, in any case.
    static Kind<Boolean> truth() {
        return new Kind<>(
                "true, false",
                text ->
                        switch (text.toLowerCase(Locale.ROOT)) {
                            case "true" -> Optional.of(true);
                            case "false" -> Optional.of(false);
                            default -> Optional.empty();
                        });
    }

    /// A value, or a word that stands for none.
    static <T> Kind<Optional<T>> orWord(String word, Kind<T> kind) {
        return new Kind<>(
                (word.isEmpty() ? "\"\"" : word) + ", or " + kind.allowed(),
                text -> {
                    Optional<T> value = text.equals(word) ? Optional.empty() : kind.read(text);
                    return text.equals(word) || value.isPresent() ? Optional.of(value) : Optional.empty();
                });
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

    /// In bytes, as a seed's variables have it: `10mb`, where every unit means the binary one.
    static Kind<Long> seedSize(long least, long most) {
        Units units = Units.SEED_SIZE;
        return new Kind<>(
                units.write(least) + " to " + units.write(most) + ", in bytes or with a unit: " + units.names(),
                text -> units.read(text.toLowerCase(Locale.ROOT)).filter(within(least, most)));
    }

    /// One of the words of an enum, in any case.
    static <E extends Enum<E>> Kind<E> word(Class<E> words) {
        return word(words, each -> each.name().toLowerCase(Locale.ROOT));
    }

    /// One of the words that stand for what is in an enum, in any case.
    static <E extends Enum<E>> Kind<E> word(Class<E> words, Function<E, String> word) {
        E[] all = words.getEnumConstants();
        return new Kind<>(
                Arrays.stream(all).map(word).collect(Collectors.joining(", ")),
                text -> Arrays.stream(all).filter(each -> word.apply(each).equalsIgnoreCase(text)).findFirst());
    }

    /// A text of this form.
    static Kind<String> matching(String allowed, String pattern) {
        Pattern form = Pattern.compile(pattern);
        return new Kind<>(allowed, text -> Optional.of(text).filter(form.asMatchPredicate()));
    }

    private static Optional<Long> number(String text) {
        return text.matches("[0-9]{1,18}") ? Optional.of(Long.valueOf(text)) : Optional.empty();
    }

    private static Predicate<Long> within(long least, long most) {
        return value -> least <= value && value <= most;
    }
}
