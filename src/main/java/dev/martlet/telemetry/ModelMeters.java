package dev.martlet.telemetry;

import dev.martlet.CallRecord;
import dev.martlet.Usage;

import io.helidon.metrics.api.Counter;
import io.helidon.metrics.api.DistributionSummary;
import io.helidon.metrics.api.Timer;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// What is measured of the use of models: tokens and time, by OpenTelemetry's names for generative AI ("Semantic conventions
/// for generative AI metrics"). Callers choose the names of models: only those that the configuration has become labels.
final class ModelMeters {
    /// Each is some fifty lines of text.
    static final int SERIES_MAX = 64;

    private static final String OTHER = "other";

    /// Every second bound of the convention, up to a million tokens.
    private static final double[] TOKENS = {16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576};

    /// The bounds of the convention from 160 ms on.
    private static final List<Duration> SECONDS =
            IntStream.range(0, 10).mapToObj(i -> Duration.ofMillis(160L << i)).toList();

    /// The labels of a call; each from a closed set.
    private record Series(String operation, String provider, String model) {
        String[] labels() {
            return new String[] {
                "gen_ai_operation_name", operation, "gen_ai_provider_name", provider, "gen_ai_request_model", model
            };
        }

        String[] tokens(String type) {
            return Stream.concat(Stream.of(labels()), Stream.of("gen_ai_token_type", type)).toArray(String[]::new);
        }
    }

    private record OfSeries(Timer duration, DistributionSummary input, DistributionSummary output) {}

    private record OfChannel(Counter input, Counter cached, Counter output, Counter reasoning) {
        void count(Usage usage) {
            input.increment(usage.input());
            output.increment(usage.output());
            if (usage.cached() > 0) cached.increment(usage.cached());
            if (usage.reasoning() > 0) reasoning.increment(usage.reasoning());
        }
    }

    private final Shelf shelf;
    private final Predicate<String> named;
    private final ConcurrentMap<Series, OfSeries> series = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, OfChannel> channels = new ConcurrentHashMap<>();

    /// @param named whether a model's name may be a label
    ModelMeters(Shelf shelf, Predicate<String> named) {
        this.shelf = shelf;
        this.named = named;
    }

    /// Counts the use of a model; a call that was sent nowhere used none. What is only estimated is not counted: OpenTelemetry
    /// forbids it.
    void count(CallRecord call) {
        if (call.use().isEmpty() || call.trail().isEmpty()) return;
        CallRecord.Use use = call.use().get();
        String channel = call.trail().getLast().target();
        OfSeries of = series(use, channel);
        of.duration().record(call.millis(), TimeUnit.MILLISECONDS);
        use.usage()
                .filter(usage -> !usage.estimated())
                .ifPresent(usage -> {
                    of.input().record((double) usage.input());
                    of.output().record((double) usage.output());
                    ofChannel(channel).count(usage);
                });
    }

    private OfSeries series(CallRecord.Use use, String channel) {
        String model = named.test(use.model()) ? use.model() : OTHER;
        Series wanted = new Series(use.operation().word(), channel, model);
        boolean room = series.size() < SERIES_MAX || series.containsKey(wanted);
        Series kept = room ? wanted : new Series(use.operation().word(), TargetNames.OTHERS, OTHER);
        return series.computeIfAbsent(kept, this::register);
    }

    private OfSeries register(Series of) {
        return new OfSeries(
                shelf.timer(Metric.GEN_AI_SECONDS, SECONDS, of.labels()),
                shelf.summary(Metric.GEN_AI_TOKENS, TOKENS, of.tokens("input")),
                shelf.summary(Metric.GEN_AI_TOKENS, TOKENS, of.tokens("output")));
    }

    private OfChannel ofChannel(String name) {
        Set<String> known = channels.keySet();
        return channels.computeIfAbsent(
                TargetNames.bounded(name, known),
                channel ->
                        new OfChannel(
                                tokens(channel, "input"),
                                tokens(channel, "cached"),
                                tokens(channel, "output"),
                                tokens(channel, "reasoning")));
    }

    private Counter tokens(String channel, String type) {
        return shelf.counter(Metric.TOKENS, "target", channel, "type", type);
    }
}
