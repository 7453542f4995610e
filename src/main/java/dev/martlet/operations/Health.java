package dev.martlet.operations;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.martlet.ChannelStates;
import dev.martlet.Condition;
import dev.martlet.Lane;
import dev.martlet.Reloads;
import dev.martlet.server.Door;
import dev.martlet.telemetry.Footprint.Memory;
import dev.martlet.telemetry.Upstreams;

import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.List;
import java.util.function.Supplier;

/// The state of the gateway as one JSON object: `ok`, `degraded` when some upstream is shut out or
/// the configuration as it is written now was refused, `draining` when it stops. Nobody is asked for it.
final class Health {
    private static final String DRAINING = "draining";

    /// What users of the seeds' gateways look for.
    private static final String SERVICE = "api-gateway";

    private static final String MODE = Lane.EDGE.word();
    private static final String PRODUCTION = "production";
    private static final DateTimeFormatter MILLIS = new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

    private final Upstreams upstreams;
    private final Supplier<Boolean> stopping;
    private final Supplier<Reloads> reloads;

    /// How many upstreams there are, and how many of them are not shut out.
    private record Share(int up, int total) {
        static Share of(List<Condition> services) {
            long up = services.stream().filter(service -> service.state() == Condition.State.CLOSED).count();
            return new Share((int) up, services.size());
        }

        static Share ofChannels(List<ChannelStates> channels) {
            return new Share((int) channels.stream().filter(ChannelStates::up).count(), channels.size());
        }

        boolean isWhole() {
            return up == total;
        }

        void into(ObjectNode object) {
            object.put("up", up).put("total", total);
        }
    }

    /// One moment of it.
    private record State(String word, Share services, List<ChannelStates> channels, Reloads reloads) {
        int code() {
            return word.equals(DRAINING) ? 503 : 200;
        }
    }

    Health(Upstreams upstreams, Supplier<Boolean> stopping, Supplier<Reloads> reloads) {
        this.upstreams = upstreams;
        this.stopping = stopping;
        this.reloads = reloads;
    }

    Door.Page page() {
        State now = now();
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("status", now.word());
        body.put("service", SERVICE).put("mode", MODE);
        body.put("pid", ProcessHandle.current().pid());
        body.put("version", Version.TEXT);
        body.put("timestamp", MILLIS.format(Instant.now()));
        body.put("uptime", ManagementFactory.getRuntimeMXBean().getUptime() / 1000.0);
        body.put("environment", PRODUCTION).put("env", PRODUCTION);
        now.services().into(body.putObject("services"));
        Share.ofChannels(now.channels()).into(body.putObject("channels"));
        KeyCounts.of(now.channels()).into(body.putObject("loadBalancer")).put("strategy", upstreams.strategy().word());
        addConfig(body, now.reloads());
        Stats.memory(body.putObject("memory"), Memory.now());
        return Operations.json(now.code(), body);
    }

    /// The same in the shape of seed 001, for callers of services.
    Door.Page pageOfServices() {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("status", "").put("timestamp", MILLIS.format(Instant.now()));
        body.put("service", SERVICE).put("mode", MODE).put("version", Version.TEXT).put("env", PRODUCTION);
        return page(body);
    }

    /// The word for it, and its status, on another page.
    Door.Page page(ObjectNode body) {
        State now = now();
        return Operations.json(now.code(), body.put("status", now.word()));
    }

    /// How the gateway is, in a word.
    String word() {
        return now().word();
    }

    private State now() {
        Share services = Share.of(upstreams.services());
        List<ChannelStates> channels = upstreams.channels();
        Reloads read = reloads.get();
        boolean whole = services.isWhole() && Share.ofChannels(channels).isWhole() && !read.lastFailed();
        return new State(stopping.get() ? DRAINING : whole ? "ok" : "degraded", services, channels, read);
    }

    /// Says what of the written configuration is not in force; nothing when all of it is.
    private static void addConfig(ObjectNode body, Reloads reloads) {
        if (!reloads.lastFailed() && reloads.atNextRestart().isEmpty()) return;
        ObjectNode config = body.putObject("config");
        if (reloads.lastFailed()) {
            config.put("refused", reloads.lastFailedAt().map(Instant::toString).orElse(""));
            config.put("problems", reloads.lastProblems());
        }
        ArrayNode waiting = config.putArray("atNextRestart");
        reloads.atNextRestart().forEach(waiting::add);
    }
}
