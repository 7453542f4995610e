package dev.martlet.telemetry;

import dev.martlet.CallRecord;
import dev.martlet.Crowding;
import dev.martlet.Reloads;
import dev.martlet.Tried;

import java.util.function.ToDoubleFunction;

/// Everything that is measured, made at the start and held.
final class Meters implements AutoCloseable {
    private final Shelf shelf = new Shelf();
    private final CallMeters calls = new CallMeters(shelf);
    private final TargetMeters targets = new TargetMeters(shelf);
    private final ChannelMeters channels = new ChannelMeters(shelf);
    private final ModelMeters models;
    private final LaneMeters lanes;
    private final Surroundings surroundings;

    private volatile Footprint footprint = Footprint.now();

    Meters(Surroundings surroundings, Log log) {
        this.surroundings = surroundings;
        models = new ModelMeters(shelf, surroundings.upstreams()::isNamed);
        lanes = new LaneMeters(shelf, surroundings.upstreams());
        shelf.gauge(Metric.LOG_LINES_DROPPED, () -> (double) log.dropped());
        shelf.gauge(Metric.LOG_LINES_HELD_BACK, () -> (double) log.heldBack());
        String java = Runtime.version().toString();
        shelf.gauge(Metric.BUILD, () -> 1.0, "version", surroundings.version(), "java", java);
        showCrowding();
        showReloads();
        showProcess();
        showUpstreams();
    }

    void count(CallRecord call) {
        calls.count(call);
        models.count(call);
        call.way().ifPresent(lanes::count);
        for (Tried tried : call.trail()) targets.count(TargetKind.of(call.surface()), tried);
    }

    /// The text for Prometheus.
    String text() {
        footprint = Footprint.now();
        showUpstreams();
        return shelf.text();
    }

    @Override
    public void close() {
        shelf.close();
    }

    private void showUpstreams() {
        targets.show(surroundings.upstreams().services());
        channels.show(surroundings.upstreams().channels());
    }

    private void showCrowding() {
        crowding(Metric.CONNECTIONS, Crowding::connections);
        crowding(Metric.CONNECTIONS_MAX, Crowding::connectionsMax);
        crowding(Metric.CONNECTIONS_REFUSED, Crowding::turnedAway);
        crowding(Metric.CALLS_IN_FLIGHT, Crowding::inFlight);
        crowding(Metric.CALLS_IN_FLIGHT_MAX, Crowding::inFlightMax);
    }

    private void showReloads() {
        shelf.gauge(Metric.RELOADS, () -> (double) reloads().done(), "result", "done");
        shelf.gauge(Metric.RELOADS, () -> (double) reloads().failed(), "result", "failed");
        shelf.gauge(Metric.RELOAD_FAILED, () -> reloads().lastFailed() ? 1.0 : 0.0);
        shelf.gauge(Metric.KEYS_AT_NEXT_RESTART, () -> (double) reloads().atNextRestart().size());
    }

    private void showProcess() {
        process(Metric.CPU_SECONDS, now -> now.cpu().toNanos() / 1e9);
        process(Metric.RESIDENT_BYTES, now -> now.memory().resident().orElse(0));
        process(Metric.HEAP_USED_BYTES, now -> now.memory().heap().used());
        process(Metric.HEAP_MAX_BYTES, now -> now.memory().heap().max());
        process(Metric.GC_COLLECTIONS, Footprint::collections);
        process(Metric.GC_SECONDS, now -> now.collecting().toMillis() / 1e3);
        process(Metric.THREADS, Footprint::threads);
        process(Metric.OPEN_FILES, now -> now.openFiles().now());
        process(Metric.OPEN_FILES_MAX, now -> now.openFiles().max());
        process(Metric.UPTIME_SECONDS, now -> now.uptime().toMillis() / 1e3);
    }

    private void crowding(Metric metric, ToDoubleFunction<Crowding> value) {
        shelf.gauge(metric, () -> value.applyAsDouble(surroundings.crowding().get()));
    }

    private void process(Metric metric, ToDoubleFunction<Footprint> value) {
        shelf.gauge(metric, () -> value.applyAsDouble(footprint));
    }

    private Reloads reloads() {
        return surroundings.reloads().get();
    }
}
