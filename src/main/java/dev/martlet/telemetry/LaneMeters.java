package dev.martlet.telemetry;

import dev.martlet.CallRecord;
import dev.martlet.Lane;
import dev.martlet.LaneChoice.Reason;

import io.helidon.metrics.api.Counter;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/// What is measured of the lanes: which was chosen and why, how often it could not do the call, and how full they are.
final class LaneMeters {
    private final Map<Reason, Counter> chosen = new EnumMap<>(Reason.class);
    private final Counter fallbacks;

    LaneMeters(Shelf shelf, Upstreams upstreams) {
        for (Reason reason : Reason.values()) {
            String lane = reason.lane().word();
            chosen.put(reason, shelf.counter(Metric.LANE_CALLS, "lane", lane, "reason", reason.word()));
        }
        fallbacks = shelf.counter(Metric.LANE_FALLBACKS);
        for (Lane lane : Lane.values()) {
            shelf.gauge(Metric.LANE_IN_FLIGHT, () -> (double) upstreams.inLane(lane), "lane", lane.word());
        }
        String bounded = Lane.BACKGROUND.word();
        shelf.gauge(Metric.LANE_PLACES, () -> (double) upstreams.placesInLane(Lane.BACKGROUND), "lane", bounded);
    }

    void count(CallRecord.Way way) {
        Objects.requireNonNull(chosen.get(way.chosen().reason())).increment();
        if (way.fellBack()) fallbacks.increment();
    }
}
