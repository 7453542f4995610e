package dev.martlet.telemetry;

import io.helidon.config.Config;
import io.helidon.metrics.api.Bucket;
import io.helidon.metrics.api.Counter;
import io.helidon.metrics.api.DistributionStatisticsConfig;
import io.helidon.metrics.api.DistributionSummary;
import io.helidon.metrics.api.Gauge;
import io.helidon.metrics.api.Meter;
import io.helidon.metrics.api.MeterRegistry;
import io.helidon.metrics.api.MetricsConfig;
import io.helidon.metrics.api.MetricsFactory;
import io.helidon.metrics.api.Tag;
import io.helidon.metrics.api.Timer;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/// The meters of one gateway, in families of one name, and their text for Prometheus (exposition format 0.0.4).
///
/// Helidon has one registry a process, and its own text has every meter in it. Here a hidden tag keeps gateways apart,
/// counters that are not whole numbers are counters all the same, and a text line is made up but for its value.
final class Shelf implements AutoCloseable {
    private static final AtomicInteger GATEWAYS = new AtomicInteger();

    /// Empty and said so: otherwise Helidon looks for an `application.yaml` where the process was started, and for
    /// variables like `METRICS_ENABLED`, and obeys them.
    private static final Config NO_CONFIG = Config.empty();

    private static final MetricsConfig METRICS = MetricsConfig.create(NO_CONFIG);
    private static final MetricsFactory FACTORY = MetricsFactory.getInstance(NO_CONFIG);

    private final MeterRegistry registry = FACTORY.globalRegistry(METRICS);
    private final Tag gateway = Tag.create("gateway", Integer.toString(GATEWAYS.incrementAndGet()));
    private final Map<Metric, NavigableMap<String, Meter>> families = new EnumMap<>(Metric.class);

    Shelf() {
        for (Metric metric : Metric.values()) families.put(metric, new ConcurrentSkipListMap<>());
    }

    /// @param labels names and values in turn; the same labels give the same meter
    Counter counter(Metric metric, String... labels) {
        return put(metric, Counter.builder(metric.text()), labels);
    }

    Timer timer(Metric metric, List<Duration> buckets, String... labels) {
        return put(metric, Timer.builder(metric.text()).buckets(buckets.toArray(Duration[]::new)), labels);
    }

    DistributionSummary summary(Metric metric, double[] buckets, String... labels) {
        DistributionStatisticsConfig.Builder bounds = DistributionStatisticsConfig.builder().buckets(buckets);
        return put(metric, DistributionSummary.builder(metric.text(), bounds), labels);
    }

    /// A value that is asked for when somebody looks; a counter when its name ends in `_total`.
    void gauge(Metric metric, Supplier<Double> value, String... labels) {
        put(metric, Gauge.builder(metric.text(), value), labels);
    }

    void remove(Metric metric, String... labels) {
        Meter meter = family(metric).remove(text(labels));
        if (meter != null) registry.remove(meter);
    }

    String text() {
        StringBuilder text = new StringBuilder(16 << 10);
        families.forEach((metric, meters) -> {
            boolean described = false; // told by what is seen: meters come and go meanwhile
            for (Map.Entry<String, Meter> one : meters.entrySet()) {
                if (!described) describe(metric, one.getValue(), text);
                described = true;
                sample(metric, one.getKey(), one.getValue(), text);
            }
        });
        return text.toString();
    }

    @Override
    public void close() {
        for (NavigableMap<String, Meter> meters : families.values()) {
            meters.values().forEach(registry::remove);
            meters.clear();
        }
    }

    private NavigableMap<String, Meter> family(Metric metric) {
        return families.getOrDefault(metric, new ConcurrentSkipListMap<>());
    }

    private <B extends Meter.Builder<B, M>, M extends Meter> M put(Metric metric, B builder, String... labels) {
        builder.description(metric.help()).addTag(gateway);
        for (int i = 0; i < labels.length; i += 2) builder.addTag(Tag.create(labels[i], labels[i + 1]));
        M meter = registry.getOrCreate(builder);
        family(metric).put(text(labels), meter);
        return meter;
    }

    private static void describe(Metric metric, Meter one, StringBuilder text) {
        boolean histogram = one instanceof Timer || one instanceof DistributionSummary;
        String type = histogram ? "histogram" : metric.text().endsWith("_total") ? "counter" : "gauge";
        text.append("# HELP ").append(metric.text()).append(' ').append(metric.help()).append('\n');
        text.append("# TYPE ").append(metric.text()).append(' ').append(type).append('\n');
    }

    private static void sample(Metric metric, String labels, Meter meter, StringBuilder text) {
        switch (meter) {
            case Counter counter -> line(text, metric.text(), labels, Long.toString(counter.count()));
            case Gauge<?> gauge -> line(text, metric.text(), labels, number(gauge.value().doubleValue()));
            case Timer timer -> histogram(new Histogram(metric.text(), labels, timer), text);
            case DistributionSummary summary -> histogram(new Histogram(metric.text(), labels, summary), text);
            default -> throw new IllegalStateException("no way to show " + meter);
        }
    }

    private static void histogram(Histogram histogram, StringBuilder text) {
        String name = histogram.name();
        String labels = histogram.labels();
        String before = labels.isEmpty() ? "" : labels + ",";
        long most = 0;
        for (Bucket bucket : histogram.buckets()) {
            String bound = number(histogram.bound().applyAsDouble(bucket));
            line(text, name + "_bucket", before + "le=\"" + bound + '"', Long.toString(bucket.count()));
            most = bucket.count();
        }
        long count = Math.max(most, histogram.count());
        line(text, name + "_bucket", before + "le=\"+Inf\"", Long.toString(count));
        line(text, name + "_sum", labels, number(histogram.sum()));
        line(text, name + "_count", labels, Long.toString(count));
    }

    /// What a histogram has to show, of times in seconds or of plain numbers.
    ///
    /// @param bound the upper end of a bucket
    private record Histogram(
            String name,
            String labels,
            Iterable<Bucket> buckets,
            ToDoubleFunction<Bucket> bound,
            long count,
            double sum) {
        Histogram(String name, String labels, Timer timer) {
            this(
                    name,
                    labels,
                    timer.snapshot().histogramCounts(),
                    bucket -> bucket.boundary(TimeUnit.MICROSECONDS) / 1e6,
                    timer.count(),
                    timer.totalTime(TimeUnit.MICROSECONDS) / 1e6);
        }

        Histogram(String name, String labels, DistributionSummary summary) {
            this(
                    name,
                    labels,
                    summary.snapshot().histogramCounts(),
                    Bucket::boundary,
                    summary.count(),
                    summary.totalAmount());
        }
    }

    private static void line(StringBuilder text, String name, String labels, String value) {
        text.append(name);
        if (!labels.isEmpty()) text.append('{').append(labels).append('}');
        text.append(' ').append(value).append('\n');
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    private static String text(String... labels) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < labels.length; i += 2) {
            if (i > 0) text.append(',');
            String value = labels[i + 1].replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
            text.append(labels[i]).append("=\"").append(value).append('"');
        }
        return text.toString();
    }
}
