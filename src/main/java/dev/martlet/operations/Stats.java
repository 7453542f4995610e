package dev.martlet.operations;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.martlet.ChannelCondition;
import dev.martlet.ChannelStates;
import dev.martlet.Condition;
import dev.martlet.Crowding;
import dev.martlet.KeyCondition.State;
import dev.martlet.server.Door;
import dev.martlet.telemetry.Footprint;
import dev.martlet.telemetry.Footprint.Memory;
import dev.martlet.telemetry.Surroundings;
import dev.martlet.telemetry.Telemetry;
import dev.martlet.telemetry.Totals;
import dev.martlet.telemetry.Upstreams;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// `/stats`: seed 002's names for keys and, beside them, for the services of the pool; and what seed 003 counts.
final class Stats {
    private Stats() {}

    static Door.Page page(Telemetry telemetry) {
        Instant now = Instant.now();
        Totals totals = telemetry.totals();
        Surroundings surroundings = telemetry.surroundings();
        Upstreams upstreams = surroundings.upstreams();
        List<Condition> services = upstreams.services();
        List<ChannelStates> channels = upstreams.channels();
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("timestamp", BreakerEntries.text(now));
        body.put("pid", ProcessHandle.current().pid());
        body.put("requests", totals.calls()).put("errors", totals.failed());
        ObjectNode loadBalancer = body.putObject("loadBalancer");
        services(loadBalancer, services);
        keys(loadBalancer, KeyCounts.of(channels));
        calls(loadBalancer, totals);
        loadBalancer.put("strategy", upstreams.strategy().word());
        channels(body.putObject("channels"), channels);
        BreakerEntries breakers = new BreakerEntries(body.putObject("circuitBreaker"), now);
        services.forEach(service -> breakers.add(service, totals.of(service.name())));
        upstreams.keys().stream().map(ChannelCondition::keys).flatMap(List::stream).forEach(breakers::add);
        body.putObject("keyValidator")
                .put("maxConcurrentValidations", KeyChecks.AT_A_TIME)
                .put("validationTimeout", KeyChecks.WITHIN.toMillis());
        crowding(body.putObject("crowding"), surroundings.crowding().get());
        system(body.putObject("system"), Footprint.now());
        return Operations.json(200, body);
    }

    private static void services(ObjectNode object, List<Condition> services) {
        long closed = services.stream().filter(service -> service.state() == Condition.State.CLOSED).count();
        object.put("totalServices", services.size()).put("availableServices", closed);
        object.put("circuitBrokenServices", services.size() - closed);
    }

    private static void keys(ObjectNode object, KeyCounts counts) {
        counts.into(object).put("invalidKeys", counts.in(State.DEAD));
        object.put("coolingKeys", counts.in(State.COOLING)).put("restingKeys", counts.in(State.RESTING));
    }

    private static void calls(ObjectNode object, Totals totals) {
        object.put("totalRequests", totals.calls());
        object.put("totalSuccesses", totals.calls() - totals.failed());
        object.put("totalFailures", totals.failed());
        object.put("averageResponseTime", tenths(totals.meanMillis()));
        object.put("averageFirstByteTime", tenths(totals.meanFirstByteMillis()));
    }

    private static void channels(ObjectNode object, List<ChannelStates> channels) {
        for (ChannelStates channel : channels) {
            ObjectNode entry = object.putObject(channel.name()).put("up", channel.up());
            entry.put("inFlight", channel.load().inFlight()).put("crowded", channel.load().crowded());
            ObjectNode keys = entry.putObject("keys");
            for (State state : State.values()) {
                if (channel.keys(state) > 0) keys.put(state.word(), channel.keys(state));
            }
        }
    }

    private static void crowding(ObjectNode object, Crowding crowding) {
        object.put("connections", crowding.connections()).put("connectionsMax", crowding.connectionsMax());
        object.put("inFlight", crowding.inFlight()).put("inFlightMax", crowding.inFlightMax());
        object.put("turnedAway", crowding.turnedAway());
    }

    private static void system(ObjectNode object, Footprint footprint) {
        object.put("uptime", seconds(footprint.uptime()));
        object.put("cpu", seconds(footprint.cpu()));
        memory(object.putObject("memory"), footprint.memory());
        object.put("javaVersion", Runtime.version().toString());
        object.put("platform", System.getProperty("os.name"));
    }

    /// By the names of seed 002.
    static void memory(ObjectNode object, Memory memory) {
        memory.resident().ifPresent(bytes -> object.put("rss", bytes));
        object.put("heapTotal", memory.heap().committed()).put("heapUsed", memory.heap().used());
        object.put("external", memory.outside()).put("arrayBuffers", memory.buffers());
    }

    private static double seconds(Duration time) {
        return time.toMillis() / 1000.0;
    }

    private static double tenths(double millis) {
        return Math.round(millis * 10) / 10.0;
    }
}
