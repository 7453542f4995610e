package dev.martlet.dialect;

import dev.martlet.Field;
import dev.martlet.Fields;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How long a provider asks to wait, in the fields that they use for it. A time in the past is no wait; what cannot be
/// understood was not said.
public final class Pauses {
    /// The longest that is believed: quotas come back with the month.
    private static final Duration LONGEST = Duration.ofDays(31);

    private static final double EPOCH_SECONDS_MIN = 1e9;
    private static final double EPOCH_MILLIS_MIN = 1e12;

    /// `x-ratelimit-reset-tokens`, or as Anthropic has it `anthropic-ratelimit-tokens-reset`.
    private static final Pattern RESET = Pattern.compile("x-ratelimit-reset.*|anthropic-ratelimit-.*-reset");

    private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,15}(\\.[0-9]{0,18})?");

    /// As OpenAI writes it: `1s`, `6m0s`, `120ms`, `1h2m3.5s`, `2d`.
    private static final Pattern SPELT = Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{0,18})?)(ms|us|µs|ns|d|h|m|s)");

    private Pauses() {}

    static Optional<Duration> of(Fields head, Instant now) {
        return retryAfter(head, now).or(() -> untilReset(head, now));
    }

    /// Before the same is asked again, as far as the answer says so in as many words.
    public static Optional<Duration> retryAfter(Fields head, Instant now) {
        return head.first("retry-after-ms")
                .flatMap(Pauses::number)
                .map(millis -> seconds(millis / 1000))
                .or(() -> head.first("Retry-After").flatMap(text -> afterwards(text, head, now)));
    }

    private static Optional<Duration> afterwards(String text, Fields head, Instant now) {
        Optional<Double> number = number(text);
        if (number.isPresent()) return number.map(Pauses::seconds);
        Instant sent = head.first("Date").flatMap(Pauses::date).orElse(now);
        return date(text).map(until -> bounded(Duration.between(sent, until)));
    }

    /// The longest of those limits of which nothing is left; when that holds for none, the shortest of all: none of them
    /// says that it is the reason.
    private static Optional<Duration> untilReset(Fields head, Instant now) {
        List<Duration> all = new ArrayList<>();
        List<Duration> usedUp = new ArrayList<>();
        for (Field field : head) {
            String name = field.name().toLowerCase(Locale.ROOT);
            if (!RESET.matcher(name).matches()) continue;
            boolean none = head.first(name.replaceFirst("reset", "remaining")).filter("0"::equals).isPresent();
            Optional<Duration> pause = reset(field.value(), now);
            pause.ifPresent(all::add);
            if (none) pause.ifPresent(usedUp::add);
        }
        Comparator<Duration> byLength = Comparator.naturalOrder();
        return usedUp.isEmpty() ? all.stream().min(byLength) : usedUp.stream().max(byLength);
    }

    /// Seconds, a time since 1970 in seconds or milliseconds, a duration that is spelt out, or a time as RFC 3339 has it.
    private static Optional<Duration> reset(String text, Instant now) {
        Optional<Double> number = number(text);
        if (number.isEmpty())
            return spelt(text).or(() -> time(text).map(until -> bounded(Duration.between(now, until))));
        double value = number.get();
        if (value < EPOCH_SECONDS_MIN) return Optional.of(seconds(value));
        double until = value < EPOCH_MILLIS_MIN ? value : value / 1000;
        return Optional.of(seconds(until - now.toEpochMilli() / 1000.0));
    }

    private static Optional<Duration> spelt(String text) {
        Matcher part = SPELT.matcher(text);
        double sum = 0;
        int end = 0;
        while (part.find() && part.start() == end) {
            sum += Double.parseDouble(part.group(1)) * unitSeconds(part.group(2));
            end = part.end();
        }
        return end == 0 || end < text.length() ? Optional.empty() : Optional.of(seconds(sum));
    }

    private static double unitSeconds(String unit) {
        return switch (unit) {
            case "d" -> 86_400;
            case "h" -> 3600;
            case "m" -> 60;
            case "s" -> 1;
            case "ms" -> 1e-3;
            case "ns" -> 1e-9;
            default -> 1e-6;
        };
    }

    private static Optional<Double> number(String text) {
        return NUMBER.matcher(text).matches() ? Optional.of(Double.parseDouble(text)) : Optional.empty();
    }

    private static Optional<Instant> date(String text) {
        try {
            return Optional.of(ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Optional<Instant> time(String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Duration seconds(double seconds) {
        return bounded(Duration.ofMillis((long) Math.ceil(seconds * 1000)));
    }

    private static Duration bounded(Duration pause) {
        if (pause.isNegative()) return Duration.ZERO;
        return pause.compareTo(LONGEST) > 0 ? LONGEST : pause;
    }
}
