package dev.martlet.operations;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.martlet.Condition;
import dev.martlet.Crowding;
import dev.martlet.server.Door;
import dev.martlet.telemetry.Footprint;
import dev.martlet.telemetry.Surroundings;
import dev.martlet.telemetry.Telemetry;
import dev.martlet.telemetry.Totals;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/// `/stats`: seed 002's names, its keys being the services of the pool, and what seed 003 counts.
final class Stats {
    private static final Totals.Attempts NONE =
            new Totals.Attempts(0, 0, Optional.empty(), Optional.empty(), Optional.empty());

    private Stats() {}

    static Door.Page page(Telemetry telemetry) {
        Instant now = Instant.now();
        Totals totals = telemetry.totals();
        Surroundings surroundings = telemetry.surroundings();
        List<Condition> conditions = surroundings.conditions().get();
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("timestamp", text(now));
        body.put("pid", ProcessHandle.current().pid());
        body.put("requests", totals.calls()).put("errors", totals.failed());
        loadBalancer(body.putObject("loadBalancer"), totals, conditions);
        ObjectNode breakers = body.putObject("circuitBreaker");
        for (Condition condition : conditions) {
            Totals.Attempts attempts = totals.targets().getOrDefault(condition.name(), NONE);
            breaker(breakers.putObject(condition.name()), condition, attempts, now);
        }
        crowding(body.putObject("crowding"), surroundings.crowding().get());
        system(body.putObject("system"), Footprint.now());
        return Operations.json(200, body);
    }

    private static void loadBalancer(ObjectNode object, Totals totals, List<Condition> conditions) {
        long shutOut = conditions.stream().filter(Stats::isShutOut).count();
        object.put("totalServices", conditions.size());
        object.put("availableServices", conditions.size() - shutOut);
        object.put("circuitBrokenServices", shutOut);
        object.put("totalRequests", totals.calls());
        object.put("totalSuccesses", totals.calls() - totals.failed());
        object.put("totalFailures", totals.failed());
        object.put("averageResponseTime", tenths(totals.meanMillis()));
        object.put("averageFirstByteTime", tenths(totals.meanFirstByteMillis()));
        object.put("strategy", "random");
    }

    private static void breaker(ObjectNode object, Condition condition, Totals.Attempts attempts, Instant now) {
        object.put("state", condition.state().word());
        object.put("inFlight", condition.load().inFlight()).put("crowded", condition.load().crowded());
        ObjectNode stats = object.putObject("stats");
        stats.put("requestCount", attempts.good() + attempts.failed());
        stats.put("successCount", attempts.good()).put("failureCount", attempts.failed());
        attempts.last().ifPresent(when -> stats.put("lastRequestTime", text(when)));
        attempts.lastFailed().ifPresent(when -> stats.put("lastFailureTime", text(when)));
        attempts.lastGood().ifPresent(when -> stats.put("lastSuccessTime", text(when)));
        condition.untilProbe().map(now::plus).ifPresent(when -> object.put("nextAttemptTime", text(when)));
    }

    private static void crowding(ObjectNode object, Crowding crowding) {
        object.put("connections", crowding.connections()).put("connectionsMax", crowding.connectionsMax());
        object.put("inFlight", crowding.inFlight()).put("inFlightMax", crowding.inFlightMax());
        object.put("turnedAway", crowding.turnedAway());
    }

    private static void system(ObjectNode object, Footprint footprint) {
        object.put("uptime", seconds(footprint.uptime()));
        object.put("cpu", seconds(footprint.cpu()));
        ObjectNode memory = object.putObject("memory");
        footprint.residentBytes().ifPresent(bytes -> memory.put("rss", bytes));
        memory.put("heapTotal", footprint.heap().committed()).put("heapUsed", footprint.heap().used());
        object.put("javaVersion", Runtime.version().toString());
        object.put("platform", System.getProperty("os.name"));
    }

    private static boolean isShutOut(Condition condition) {
        return condition.state() != Condition.State.CLOSED;
    }

    private static double seconds(Duration time) {
        return time.toMillis() / 1000.0;
    }

    private static double tenths(double millis) {
        return Math.round(millis * 10) / 10.0;
    }

    private static String text(Instant when) {
        return when.truncatedTo(ChronoUnit.MILLIS).toString();
    }
}
