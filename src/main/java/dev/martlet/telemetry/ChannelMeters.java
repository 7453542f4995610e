package dev.martlet.telemetry;

import dev.martlet.ChannelStates;
import dev.martlet.Condition.Load;
import dev.martlet.KeyCondition.State;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/// What is measured of each channel: whether calls can go there, the states of its keys, and what is under way.
final class ChannelMeters {
    private static final String KIND = TargetKind.CHANNEL.word();

    private final Shelf shelf;
    private final ConcurrentMap<String, ChannelStates> channels = new ConcurrentHashMap<>();

    ChannelMeters(Shelf shelf) {
        this.shelf = shelf;
    }

    /// Takes over which channels there are, and how they fare; those that are too many together, as one.
    synchronized void show(List<ChannelStates> conditions) {
        Map<String, ChannelStates> now = new LinkedHashMap<>();
        for (ChannelStates one : conditions) {
            now.merge(TargetNames.bounded(one.name(), now.keySet()), one, ChannelMeters::together);
        }
        Set<String> gone = Set.copyOf(channels.keySet());
        gone.stream().filter(name -> !now.containsKey(name)).forEach(this::forget);
        now.forEach((name, states) -> {
            if (channels.put(name, states) == null) introduce(name);
        });
    }

    private static ChannelStates together(ChannelStates one, ChannelStates other) {
        Map<State, Integer> keys = new EnumMap<>(State.class);
        keys.putAll(one.keys());
        other.keys().forEach((state, count) -> keys.merge(state, count, Integer::sum));
        Load load =
                new Load(
                        one.load().inFlight() + other.load().inFlight(),
                        one.load().crowded() || other.load().crowded());
        return new ChannelStates(one.name(), one.up() && other.up(), load, keys);
    }

    private void introduce(String name) {
        show(Metric.CHANNEL_UP, name, channel -> channel.up() ? 1 : 0);
        show(Metric.ATTEMPTS_IN_FLIGHT, name, channel -> channel.load().inFlight(), "kind", KIND);
        show(Metric.CROWDED, name, channel -> channel.load().crowded() ? 1 : 0, "kind", KIND);
        for (State state : State.values()) {
            show(Metric.KEYS, name, channel -> channel.keys(state), "state", state.word());
        }
    }

    private void show(Metric metric, String name, ToDoubleFunction<ChannelStates> value, String... labels) {
        Supplier<Double> now = () -> Optional.ofNullable(channels.get(name)).map(value::applyAsDouble).orElse(0.0);
        shelf.gauge(metric, now, Stream.concat(Stream.of("target", name), Stream.of(labels)).toArray(String[]::new));
    }

    private void forget(String name) {
        channels.remove(name);
        shelf.remove(Metric.CHANNEL_UP, "target", name);
        for (Metric metric : List.of(Metric.ATTEMPTS_IN_FLIGHT, Metric.CROWDED)) {
            shelf.remove(metric, "target", name, "kind", KIND);
        }
        for (State state : State.values()) shelf.remove(Metric.KEYS, "target", name, "state", state.word());
    }
}
