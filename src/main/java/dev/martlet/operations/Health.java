package dev.martlet.operations;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.martlet.Reloads;
import dev.martlet.server.Door;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.Supplier;

/// The state of the gateway as one JSON object: `ok`, `degraded` when some upstream is shut out or
/// the configuration as it is written now was refused, `draining` when it stops.
public final class Health {
    /// How many upstreams there are, and how many of them are not shut out.
    public record Pool(int up, int total) {}

    private final Supplier<Pool> pool;
    private final Supplier<Boolean> stopping;
    private final Supplier<Reloads> reloads;

    Health(Supplier<Pool> pool, Supplier<Boolean> stopping, Supplier<Reloads> reloads) {
        this.pool = pool;
        this.stopping = stopping;
        this.reloads = reloads;
    }

    Door.Page page() {
        Pool now = pool.get();
        Reloads read = reloads.get();
        boolean whole = now.up() == now.total() && !read.lastFailed();
        String status = stopping.get() ? "draining" : whole ? "ok" : "degraded";
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("status", status);
        body.put("service", "api-gateway");
        body.put("pid", ProcessHandle.current().pid());
        body.put("version", Version.TEXT);
        body.put("timestamp", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString());
        body.put("uptime", ManagementFactory.getRuntimeMXBean().getUptime() / 1000.0);
        body.putObject("services").put("up", now.up()).put("total", now.total());
        addConfig(body, read);
        MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        body.putObject("memory").put("heapUsed", heap.getUsed()).put("heapTotal", heap.getCommitted());
        return Operations.json(status.equals("draining") ? 503 : 200, body);
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
