package dev.martlet.telemetry;

import dev.martlet.CallRecord;
import dev.martlet.Ending;
import dev.martlet.Halt;
import dev.martlet.Refusal;
import dev.martlet.Surface;

import io.helidon.metrics.api.Counter;
import io.helidon.metrics.api.Timer;

import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.DoubleStream;

/// What is measured of each call. Meters are held by what they count: the registry is not asked on the way of a call.
final class CallMeters {
    /// From a cached answer to an hour of reasoning, in seconds.
    private static final List<Duration> BUCKETS =
            DoubleStream.of(0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600)
                    .mapToObj(seconds -> Duration.ofMillis(Math.round(seconds * 1000)))
                    .toList();

    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");
    private static final List<String> STATUSES = List.of("none", "1xx", "2xx", "3xx", "4xx", "5xx");

    private static final Set<Ending> UNANSWERED =
            EnumSet.of(Ending.CLIENT_LEFT_QUEUED, Ending.CLIENT_LEFT_WAITING, Ending.BODY_CUT);

    /// The labels of a counter of calls; each comes from a closed set, whatever the client wrote.
    private record Kind(Surface surface, String method, String status, Ending ending) {
        static Kind of(CallRecord call) {
            String method = METHODS.contains(call.method()) ? call.method() : "OTHER";
            return new Kind(call.surface(), method, status(call), call.ending());
        }

        /// Who left before an answer got no status, whatever the record says.
        private static String status(CallRecord call) {
            return STATUSES.get(
                    UNANSWERED.contains(call.ending()) ? 0 : Math.clamp(call.status() / 100, 1, STATUSES.size() - 1));
        }
    }

    private record OfSurface(Timer whole, Timer firstByte, Counter bytesIn, Counter bytesOut, Counter failovers) {}

    private final Shelf shelf;
    private final Map<Surface, OfSurface> surfaces = new EnumMap<>(Surface.class);
    private final Map<Class<?>, Counter> refusals = new HashMap<>();
    private final Map<Halt, Counter> withheld = new EnumMap<>(Halt.class);
    private final ConcurrentMap<Kind, Counter> calls = new ConcurrentHashMap<>();

    CallMeters(Shelf shelf) {
        this.shelf = shelf;
        for (Surface surface : Surface.values()) {
            surfaces.put(surface, of(shelf, surface.word()));
            for (String method : List.of("GET", "POST")) calls(new Kind(surface, method, "2xx", Ending.COMPLETE));
        }
        for (Class<?> kind : Refusal.class.getPermittedSubclasses()) {
            refusals.put(kind, shelf.counter(Metric.REFUSALS, "reason", Refusal.word(kind)));
        }
        for (Halt why : Halt.values()) withheld.put(why, shelf.counter(Metric.WITHHELD, "reason", why.word()));
    }

    void count(CallRecord call) {
        calls(Kind.of(call)).increment();
        OfSurface of = Objects.requireNonNull(surfaces.get(call.surface()));
        of.whole().record(call.millis(), TimeUnit.MILLISECONDS);
        call.firstByteMillis().ifPresent(millis -> of.firstByte().record(millis, TimeUnit.MILLISECONDS));
        of.bytesIn().increment(call.bytesIn());
        of.bytesOut().increment(call.bytesOut());
        of.failovers().increment(Math.max(0, call.trail().size() - 1));
        call.halted().map(withheld::get).ifPresent(Counter::increment);
        call.refused().map(why -> refusals.get(why.getClass())).ifPresent(Counter::increment);
    }

    private Counter calls(Kind kind) {
        return calls.computeIfAbsent(kind, this::register);
    }

    private Counter register(Kind kind) {
        return shelf.counter(
                Metric.CALLS,
                "surface",
                kind.surface().word(),
                "method",
                kind.method(),
                "status",
                kind.status(),
                "ending",
                kind.ending().word());
    }

    private static OfSurface of(Shelf shelf, String surface) {
        return new OfSurface(
                shelf.timer(Metric.CALL_SECONDS, BUCKETS, "surface", surface),
                shelf.timer(Metric.FIRST_BYTE_SECONDS, BUCKETS, "surface", surface),
                shelf.counter(Metric.REQUEST_BYTES, "surface", surface),
                shelf.counter(Metric.ANSWER_BYTES, "surface", surface),
                shelf.counter(Metric.FAILOVERS, "surface", surface));
    }
}
