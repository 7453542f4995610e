package dev.martlet.telemetry;

import dev.martlet.Condition;
import dev.martlet.Condition.State;
import dev.martlet.Signal;
import dev.martlet.Tried;

import io.helidon.metrics.api.Counter;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What is measured of each target: its attempts; and of the services of the pool how many are under way, and the state of
/// the breaker.
final class TargetMeters {
    /// The labels of a counter of attempts.
    private record Series(TargetKind kind, String target, String signal) {}

    private static final String KIND = TargetKind.POOL.word();

    private final Shelf shelf;
    private final Set<String> names = ConcurrentHashMap.newKeySet();
    private final ConcurrentMap<Series, Counter> attempts = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Condition> targets = new ConcurrentHashMap<>();

    TargetMeters(Shelf shelf) {
        this.shelf = shelf;
    }

    void count(TargetKind kind, Tried tried) {
        attempts(kind, tried.target(), tried.signal()).increment();
    }

    /// Takes over which services the pool has, and how they fare.
    synchronized void show(List<Condition> conditions) {
        Map<String, Condition> now =
                conditions.stream()
                        .limit(TargetNames.MAX)
                        .collect(Collectors.toMap(Condition::name, Function.identity(), (first, _) -> first));
        Set<String> gone = Set.copyOf(targets.keySet());
        gone.stream().filter(name -> !now.containsKey(name)).forEach(this::forget);
        now.forEach((name, condition) -> {
            if (targets.put(name, condition) == null) introduce(name);
        });
    }

    private void introduce(String name) {
        attempts(TargetKind.POOL, name, new Signal.Good(200));
        for (State state : State.values()) {
            show(Metric.BREAKER, name, target -> target.state() == state ? 1 : 0, "state", state.word());
        }
        show(Metric.ATTEMPTS_IN_FLIGHT, name, target -> target.load().inFlight(), "kind", KIND);
        show(Metric.CROWDED, name, target -> target.load().crowded() ? 1 : 0, "kind", KIND);
    }

    private void show(Metric metric, String name, ToDoubleFunction<Condition> value, String... labels) {
        Supplier<Double> now = () -> Optional.ofNullable(targets.get(name)).map(value::applyAsDouble).orElse(0.0);
        shelf.gauge(metric, now, Stream.concat(Stream.of("target", name), Stream.of(labels)).toArray(String[]::new));
    }

    private void forget(String name) {
        targets.remove(name);
        for (Metric metric : List.of(Metric.ATTEMPTS_IN_FLIGHT, Metric.CROWDED)) {
            shelf.remove(metric, "target", name, "kind", KIND);
        }
        for (State state : State.values()) shelf.remove(Metric.BREAKER, "target", name, "state", state.word());
    }

    private Counter attempts(TargetKind kind, String name, Signal signal) {
        String target = TargetNames.bounded(name, names);
        names.add(target);
        return attempts.computeIfAbsent(new Series(kind, target, word(signal)), this::register);
    }

    private Counter register(Series of) {
        return shelf.counter(Metric.ATTEMPTS, "target", of.target(), "kind", of.kind().word(), "signal", of.signal());
    }

    /// A class of statuses, or a cause: a closed set, for the upstream chooses the status.
    private static String word(Signal signal) {
        return switch (signal) {
            case Signal.Good(int status) -> word(status);
            case Signal.Failed(int status, _) -> word(status);
            case Signal.Refused(int status) -> word(status);
            case Signal.KeyRefused _ -> "key-refused";
            case Signal.KeyForbidden _ -> "key-forbidden";
            case Signal.ModelUnknown _ -> "model-unknown";
            case Signal.Postponed _ -> "postponed";
            case Signal.Unreachable _,
                    Signal.Broken _,
                    Signal.Throttled _,
                    Signal.Nonsense _,
                    Signal.Busy _,
                    Signal.Unfit _ ->
                    signal.word();
        };
    }

    private static String word(int status) {
        return Math.clamp(status / 100, 1, 5) + "xx";
    }
}
