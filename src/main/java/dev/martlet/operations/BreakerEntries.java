package dev.martlet.operations;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.martlet.Condition;
import dev.martlet.KeyCondition;
import dev.martlet.telemetry.Totals;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/// The object `circuitBreaker` of `/stats`: an entry for each service, by its name, and for each key of a channel, by the
/// masked key as in seed 002.
final class BreakerEntries {
    private final ObjectNode object;
    private final Instant now;

    BreakerEntries(ObjectNode object, Instant now) {
        this.object = object;
        this.now = now;
    }

    void add(Condition service, Totals.Attempts attempts) {
        ObjectNode entry = object.putObject(service.name());
        entry.put("state", service.state().word());
        entry.put("inFlight", service.load().inFlight()).put("crowded", service.load().crowded());
        ObjectNode stats = entry.putObject("stats");
        counts(stats, attempts.good() + attempts.failed(), attempts.good(), attempts.failed());
        put(stats, "lastRequestTime", attempts.last());
        put(stats, "lastFailureTime", attempts.lastFailed());
        put(stats, "lastSuccessTime", attempts.lastGood());
        put(entry, "nextAttemptTime", service.untilProbe().map(now::plus));
    }

    /// Where a mask tells too little (another key looks the same, or there is none), channel and name of the key stand for
    /// it.
    void add(KeyCondition key) {
        boolean tells = !key.masked().isEmpty() && !object.has(key.masked());
        ObjectNode entry = object.putObject(tells ? key.masked() : key.channel() + "/" + key.key());
        entry.put("state", breaker(key.state())).put("keyState", keyState(key.state()));
        entry.put("channel", key.channel()).put("key", key.key());
        if (!key.reason().isEmpty()) entry.put("reason", key.reason());
        ObjectNode stats = entry.putObject("stats");
        counts(stats, key.counts().requests(), key.counts().successes(), key.counts().failures());
        put(stats, "lastRequestTime", ago(key.since().request()));
        put(stats, "lastFailureTime", ago(key.since().failure()));
        put(stats, "lastSuccessTime", ago(key.since().success()));
        put(entry, "stateChangeTime", ago(key.since().change()));
        put(entry, "nextAttemptTime", key.untilTried().map(now::plus));
    }

    /// Seed 002 knows three states: a key that is left out, for whatever reason, is behind an open breaker.
    private static String breaker(KeyCondition.State state) {
        return switch (state) {
            case AVAILABLE -> "closed";
            case HALF_OPEN -> "half_open";
            case COOLING, RESTING, DEAD, CIRCUIT_BROKEN -> "open";
        };
    }

    private static String keyState(KeyCondition.State state) {
        return state == KeyCondition.State.DEAD ? "invalid" : state.word();
    }

    private static void counts(ObjectNode stats, long requests, long successes, long failures) {
        stats.put("requestCount", requests).put("successCount", successes).put("failureCount", failures);
    }

    private Optional<Instant> ago(Optional<Duration> time) {
        return time.map(now::minus);
    }

    private static void put(ObjectNode object, String name, Optional<Instant> when) {
        when.ifPresent(instant -> object.put(name, text(instant)));
    }

    static String text(Instant when) {
        return when.truncatedTo(ChronoUnit.MILLIS).toString();
    }
}
