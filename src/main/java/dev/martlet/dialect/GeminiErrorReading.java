package dev.martlet.dialect;

import dev.martlet.Signal;
import dev.martlet.wire.Json;
import dev.martlet.wire.Json.Members;
import dev.martlet.wire.Json.Names;
import dev.martlet.wire.Json.Value;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An error as Google's APIs write it: `google.rpc.Status` under `error`, also in an array of one (AIP-193, "Errors").
///
/// Texts count only as they begin: a caller can make a provider repeat the caller's own words.
///
/// @param word    the canonical code: `INVALID_ARGUMENT`
/// @param message in lower case
/// @param badKey  whether it says that the key is none
/// @param daily   whether a quota is used up that comes back with the day, and not with the minute
/// @param pause   that it asks for
record GeminiErrorReading(
        boolean present,
        OptionalInt code,
        String word,
        String message,
        boolean badKey,
        boolean daily,
        Optional<Duration> pause)
        implements ErrorReading {
    static final GeminiErrorReading NONE =
            new GeminiErrorReading(false, OptionalInt.empty(), "", "", false, false, Optional.empty());

    private static final Names TOP = Names.of("error");
    private static final Names INSIDE = Names.of("code", "message", "status", "details");
    private static final Names DETAIL = Names.of("reason", "retryDelay", "violations");
    private static final Names VIOLATION = Names.of("quotaId");

    /// `34.4s`, as JSON has a `google.protobuf.Duration`.
    private static final Pattern DELAY = Pattern.compile("([0-9]{1,9})(?:\\.([0-9]{1,3})[0-9]*)?s");

    /// A shorter one is that of another limit: a day's quota is never back so soon.
    private static final Duration DAILY_PAUSE_MIN = Duration.ofMinutes(10);

    private static final List<String> KEY_TEXTS = List.of("api key not valid", "api key expired", "api key not found");
    private static final List<String> MODEL_TEXTS = List.of("models/", "tunedmodels/", "model ", "publisher model ");

    static GeminiErrorReading of(Json json) {
        if (json.root().span().length() == 0) return NONE;
        if (!json.root().is(Json.Kind.ARRAY)) return of(json.members());
        if (json.fault().isPresent()) return NONE;
        Iterator<Value> elements = json.root().elements().iterator();
        return elements.hasNext() ? of(elements.next().members(TOP)) : NONE;
    }

    static GeminiErrorReading of(Members top) {
        Optional<Value> error = top.find("error").filter(value -> !value.isEmpty());
        if (error.isEmpty()) return NONE;
        Members members = error.get().members(INSIDE);
        Details details = Details.of(members.find("details"));
        String message =
                error.get()
                        .text()
                        .or(() -> members.find("message").flatMap(Value::text))
                        .orElse("")
                        .toLowerCase(Locale.ROOT);
        return new GeminiErrorReading(
                true,
                code(members),
                members.find("status").flatMap(Value::text).orElse(""),
                message,
                details.badKey || KEY_TEXTS.stream().anyMatch(message::startsWith),
                details.daily,
                details.pause);
    }

    /// Whether it names one of Google's own words for what went wrong.
    boolean hasCanonicalCode() {
        return GeminiErrors.status(word).isPresent();
    }

    private static OptionalInt code(Members members) {
        OptionalLong code = members.find("code").map(Value::count).orElse(OptionalLong.empty());
        long number = code.orElse(0);
        return number >= 400 && number < 600 ? OptionalInt.of((int) number) : OptionalInt.empty();
    }

    /// What stands behind the message: `ErrorInfo`, `QuotaFailure`, `RetryInfo` and others.
    private static final class Details {
        private boolean badKey;
        private boolean daily;
        private Optional<Duration> pause = Optional.empty();

        static Details of(Optional<Value> written) {
            Details details = new Details();
            written.ifPresent(list -> list.elements().forEach(one -> details.take(one.members(DETAIL))));
            return details;
        }

        private void take(Members detail) {
            badKey |= detail.find("reason").filter(reason -> reason.says(GeminiErrors.KEY_INVALID)).isPresent();
            detail.find("violations").ifPresent(list -> list.elements().forEach(this::takeViolation));
            detail.find("retryDelay")
                    .flatMap(Value::text)
                    .flatMap(GeminiErrorReading::delay)
                    .ifPresent(delay -> pause = Optional.of(delay));
        }

        private void takeViolation(Value violation) {
            Optional<String> quota = violation.members(VIOLATION).find("quotaId").flatMap(Value::text);
            daily |= quota.filter(id -> id.contains(GeminiErrors.PER_DAY)).isPresent();
        }
    }

    private static Optional<Duration> delay(String text) {
        Matcher delay = DELAY.matcher(text);
        if (!delay.matches()) return Optional.empty();
        String millis = delay.group(2) == null ? "0" : (delay.group(2) + "00").substring(0, 3);
        return Optional.of(Duration.ofSeconds(Long.parseLong(delay.group(1)), Long.parseLong(millis) * 1_000_000));
    }

    @Override
    public OptionalInt status() {
        return code.isPresent() ? code : GeminiErrors.status(word);
    }

    @Override
    public Signal signal(int status, Optional<Duration> headPause, boolean ownKey) {
        if (status >= 500) return new Signal.Failed(status, pause.or(() -> headPause));
        return switch (status) {
            case 400 -> badKey && ownKey ? new Signal.KeyRefused(status) : new Signal.Refused(status);
            case 401 -> ownKey ? new Signal.KeyRefused(status) : new Signal.Refused(status);
            case 402 -> new Signal.Throttled(pause.or(() -> headPause), true);
            case 403 -> ownKey ? new Signal.KeyForbidden(status) : new Signal.Refused(status);
            case 404 -> modelUnknown() ? new Signal.ModelUnknown(status) : new Signal.Refused(status);
            case 408, 425 -> new Signal.Postponed(status);
            case 429 -> throttled(pause.or(() -> headPause));
            default -> new Signal.Refused(status);
        };
    }

    private Signal throttled(Optional<Duration> asked) {
        return new Signal.Throttled(daily ? asked.filter(one -> one.compareTo(DAILY_PAUSE_MIN) > 0) : asked, daily);
    }

    /// The model stands in the path: what knows no such path says nothing at all, with an empty body.
    private boolean modelUnknown() {
        return !present || isOfModel(message);
    }

    /// Whether a message of status 404 says so of a model, and not of a file or what is cached.
    static boolean isOfModel(String message) {
        String begin = message.toLowerCase(Locale.ROOT);
        return MODEL_TEXTS.stream().anyMatch(begin::startsWith);
    }
}
