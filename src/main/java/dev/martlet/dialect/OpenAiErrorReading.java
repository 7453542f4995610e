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
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// An error as one of the providers of the OpenAI dialect writes it: an object under `error`, a text there, or the fields at
/// the top; or in an array of one.
///
/// Texts count only where no code says it, and only as they begin or end: a caller can make a provider repeat the caller's
/// own words, and must not talk a key or a model out of service that way.
///
/// @param present whether it is an error at all
/// @param code    in lower case, empty for none; so is the type
record OpenAiErrorReading(boolean present, String code, String type, OptionalInt number, String message)
        implements ErrorReading {
    static final OpenAiErrorReading NONE = new OpenAiErrorReading(false, "", "", OptionalInt.empty(), "");

    private static final Names INSIDE = Names.of("message", "type", "code", "status", "status_code");
    private static final int OVERLOADED = 529;

    /// What status the words mean that stand in the place of one (OpenAI, "Error codes", and what others made of them).
    private static final Map<String, Integer> STATUSES =
            Map.ofEntries(
                    Map.entry("invalid_request_error", 400),
                    Map.entry("invalid_request", 400),
                    Map.entry("bad_request", 400),
                    Map.entry("content_filter", 400),
                    Map.entry("content_policy_violation", 400),
                    Map.entry("context_length_exceeded", 400),
                    Map.entry("tool_use_failed", 400),
                    Map.entry("invalid_api_key", 401),
                    Map.entry("authentication_error", 401),
                    Map.entry("unauthorized", 401),
                    Map.entry("permission_error", 403),
                    Map.entry("permission_denied", 403),
                    Map.entry("model_not_found", 404),
                    Map.entry("not_found_error", 404),
                    Map.entry("request_timeout", 408),
                    Map.entry("rate_limit_error", 429),
                    Map.entry("rate_limit_exceeded", 429),
                    Map.entry("too_many_requests", 429),
                    Map.entry("resource_exhausted", 429),
                    Map.entry("insufficient_quota", 429),
                    Map.entry("server_error", 500),
                    Map.entry("api_error", 500),
                    Map.entry("internal_error", 500),
                    Map.entry("internal_server_error", 500),
                    Map.entry("bad_gateway", 502),
                    Map.entry("service_unavailable", 503),
                    Map.entry("overloaded", 503),
                    Map.entry("timeout", 504),
                    Map.entry("overloaded_error", OVERLOADED));

    private static final List<String> QUOTA_CODES =
            List.of(
                    "insufficient_quota",
                    "billing_hard_limit_reached",
                    "billing_not_active",
                    "quota_exceeded",
                    "exceeded_current_quota_error",
                    "enforced_spend_limit_reached",
                    "insufficient_balance",
                    "insufficient_credits");

    /// A word such as `billing` alone would not do: the address of a page about it stands in errors about the rate.
    private static final List<String> QUOTA_TEXTS =
            List.of(
                    "exceeded your current quota",
                    "insufficient balance",
                    "insufficient credit",
                    "credit balance is too low",
                    "used all available credits",
                    "monthly spending limit",
                    "per day",
                    "per-day");

    private static final List<String> MODEL_CODES =
            List.of("model_not_found", "deploymentnotfound", "invalid_model", "model_not_exist");
    private static final List<String> MODEL_TEXTS =
            List.of("the model ", "model ", "no endpoints found for ", "invalid model: ");
    private static final List<String> KEY_TEXTS = List.of("incorrect api key provided: ");

    static ErrorReading of(Json json) {
        if (json.root().span().length() == 0) return NONE;
        if (!json.root().is(Json.Kind.ARRAY)) return of(json.members());
        if (json.fault().isPresent()) return NONE;
        Iterator<Value> elements = json.root().elements().iterator();
        return elements.hasNext() ? of(elements.next().members(Answers.TOP)) : NONE;
    }

    /// Google's endpoint of this dialect has the errors of Google's own.
    static ErrorReading of(Members top) {
        Optional<Value> error = member(top);
        Optional<Value> object = error.filter(value -> value.is(Json.Kind.OBJECT));
        if (error.isEmpty() && top.find("choices").isPresent()) return NONE; // what nearly all answers are
        if (object.isEmpty()) return read(isError(top), top, error.flatMap(Value::text));
        GeminiErrorReading googles = GeminiErrorReading.of(top);
        if (googles.hasCanonicalCode()) return googles;
        OpenAiErrorReading reading = read(true, object.get().members(INSIDE), Optional.empty());
        return reading.number.isPresent() ? reading : reading.with(number(top, "status_code"));
    }

    /// Whether a success is none.
    static boolean isError(Members top) {
        return member(top).isPresent() || top.find("object").filter(value -> value.says("error")).isPresent();
    }

    private static Optional<Value> member(Members top) {
        return top.find("error")
                .filter(value -> !value.isEmpty())
                .filter(value -> value.isTrue() || !value.is(Json.Kind.BOOLEAN));
    }

    private static OpenAiErrorReading read(boolean present, Members members, Optional<String> message) {
        OptionalInt number = number(members, "code");
        if (number.isEmpty()) number = number(members, "status");
        if (number.isEmpty()) number = number(members, "status_code");
        String said = message.orElseGet(() -> text(members, "message"));
        return new OpenAiErrorReading(
                present, text(members, "code"), text(members, "type"), number, said.toLowerCase(Locale.ROOT));
    }

    private OpenAiErrorReading with(OptionalInt otherNumber) {
        return new OpenAiErrorReading(present, code, type, otherNumber, message);
    }

    private static String text(Members members, String name) {
        return members.find(name).flatMap(Value::text).orElse("").toLowerCase(Locale.ROOT);
    }

    /// A status that is written as a number, or as a text of digits.
    private static OptionalInt number(Members members, String name) {
        Optional<Value> value = members.find(name);
        if (value.isEmpty()) return OptionalInt.empty();
        String written =
                value.get()
                        .text()
                        .orElseGet(() -> value.get().count().stream().mapToObj(Long::toString).findFirst().orElse(""));
        if (!written.matches("[45][0-9]{2}")) return OptionalInt.empty();
        return OptionalInt.of(Integer.parseInt(written));
    }

    @Override
    public OptionalInt status() {
        return number.isPresent() ? number : status(code, type);
    }

    /// The status that a code or a type means.
    static OptionalInt status(String code, String type) {
        Integer status = STATUSES.getOrDefault(code, STATUSES.get(type));
        return status == null ? OptionalInt.empty() : OptionalInt.of(status);
    }

    @Override
    public Signal signal(int status, Optional<Duration> pause, boolean ownKey) {
        if (status >= 500) return new Signal.Failed(status);
        return switch (status) {
            case 400, 422 -> ofBadRequest(status, pause, ownKey);
            case 401 -> ownKey ? new Signal.KeyRefused(status) : new Signal.Refused(status);
            case 402 -> new Signal.Throttled(pause, true);
            case 403 -> ownKey ? new Signal.KeyForbidden(status) : new Signal.Refused(status);
            case 404 ->
                    modelUnknown() || begins(MODEL_TEXTS)
                            ? new Signal.ModelUnknown(status)
                            : new Signal.Refused(status);
            case 408, 425 -> new Signal.Postponed(status);
            case 429 -> new Signal.Throttled(pause, quotaGone());
            default -> new Signal.Refused(status);
        };
    }

    /// Some say with 400 what others say with a status of its own.
    private Signal ofBadRequest(int status, Optional<Duration> pause, boolean ownKey) {
        boolean model =
                modelUnknown() || message.equals("model not exist") || message.endsWith(" is not a valid model id");
        if (model) return new Signal.ModelUnknown(status);
        if (QUOTA_CODES.contains(code)) return new Signal.Throttled(pause, true);
        boolean key = code.equals("invalid_api_key") || begins(KEY_TEXTS);
        return key && ownKey ? new Signal.KeyRefused(status) : new Signal.Refused(status);
    }

    private boolean modelUnknown() {
        return MODEL_CODES.contains(code) || MODEL_CODES.contains(type);
    }

    private boolean quotaGone() {
        return QUOTA_CODES.contains(code)
                || QUOTA_CODES.contains(type)
                || QUOTA_TEXTS.stream().anyMatch(message::contains);
    }

    private boolean begins(List<String> texts) {
        return texts.stream().anyMatch(message::startsWith);
    }
}
