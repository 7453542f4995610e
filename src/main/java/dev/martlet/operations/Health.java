package dev.martlet.operations;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.martlet.server.Door;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.Supplier;

/// The state of the gateway as one JSON object: `ok`, `degraded` when some upstream is shut out, `draining` when it stops.
public final class Health {
    /// How many upstreams there are, and how many of them are not shut out.
    public record Pool(int up, int total) {}

    private final Supplier<Pool> pool;
    private final Supplier<Boolean> stopping;

    Health(Supplier<Pool> pool, Supplier<Boolean> stopping) {
        this.pool = pool;
        this.stopping = stopping;
    }

    Door.Page page() {
        Pool now = pool.get();
        String status = stopping.get() ? "draining" : now.up() < now.total() ? "degraded" : "ok";
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("status", status);
        body.put("service", "api-gateway");
        body.put("pid", ProcessHandle.current().pid());
        body.put("version", Version.TEXT);
        body.put("timestamp", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString());
        body.put("uptime", ManagementFactory.getRuntimeMXBean().getUptime() / 1000.0);
        body.putObject("services").put("up", now.up()).put("total", now.total());
        MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        body.putObject("memory").put("heapUsed", heap.getUsed()).put("heapTotal", heap.getCommitted());
        return Operations.json(status.equals("draining") ? 503 : 200, body);
    }
}
