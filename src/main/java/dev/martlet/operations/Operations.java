package dev.martlet.operations;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.martlet.Fields;
import dev.martlet.Refusal;
import dev.martlet.Refused;
import dev.martlet.Surface;
import dev.martlet.server.Door;
import dev.martlet.server.Incoming;
import dev.martlet.server.Outgoing;
import dev.martlet.telemetry.Telemetry;
import dev.martlet.telemetry.Upstreams;

import io.helidon.health.HealthCheck;
import io.helidon.health.HealthCheckResponse;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/// The operations door: `/`, `/health`, `/gateway/health`, `/health/live`, `/health/ready`, and for the operator `/stats` and `/metrics`; other
/// paths of ours are kept from being forwarded.
public final class Operations implements Door {
    /// Paths that belong to Martlet, now or in its configuration: never forwarded, whatever they answer.
    private static final Set<String> RESERVED = Set.of("health", "stats", "metrics", "verify", "admin", "gateway");

    private static final String READ_ONLY = "GET, HEAD, OPTIONS";

    /// In a first call, where the configuration names no model.
    private static final String USUAL_MODEL = "gpt-4o-mini";

    /// Prometheus tells versions of its text format apart by this.
    private static final Fields METRICS_TYPE = Fields.of("Content-Type", "text/plain; version=0.0.4; charset=utf-8");

    private final Upstreams upstreams;
    private final Health health;
    private final HealthCheck live;
    private final HealthCheck ready;
    private final Telemetry telemetry;
    private final Access access;

    /// @param stopping whether new calls should go elsewhere
    /// @param access   who may see the operator's pages; with [Access#ANYBODY] the door opens to every path, for a listener
    ///                 that has no other
    public Operations(Supplier<Boolean> stopping, Telemetry telemetry, Access access) {
        this.telemetry = telemetry;
        this.access = access;
        upstreams = telemetry.surroundings().upstreams();
        health = new Health(upstreams, stopping, telemetry.surroundings().reloads());
        live = () -> HealthCheckResponse.builder().status(true).build();
        ready = () -> HealthCheckResponse.builder().status(!stopping.get()).build();
    }

    @Override
    public Surface surface() {
        return Surface.OPERATIONS;
    }

    @Override
    public boolean isAlwaysOpen() {
        return true;
    }

    @Override
    public boolean opens(Incoming request) {
        String path = request.path();
        if (access == Access.ANYBODY || path.equals("/")) return true;
        int end = path.indexOf('/', 1);
        String first = end < 0 ? path.substring(1) : path.substring(1, end);
        return RESERVED.contains(Names.plain(first));
    }

    @Override
    public void enter(Incoming request, Outgoing answer) {
        Page page =
                switch (request.path()) {
                    case "/" -> welcome(request.head().fields());
                    case "/stats" -> {
                        access.check(request);
                        yield Stats.page(telemetry);
                    }
                    case "/metrics" -> {
                        access.check(request);
                        yield metrics();
                    }
                    case "/health" -> health.page();
                    case "/gateway/health" -> health.pageOfServices();
                    case "/health/live" -> check("live", live);
                    case "/health/ready" -> check("ready", ready);
                    default -> throw new Refused(new Refusal.NotFound());
                };
        boolean reads = Set.of("GET", "HEAD").contains(request.head().method());
        if (!reads) throw new Refused(new Refusal.MethodNotAllowed(READ_ONLY));
        answer.send(page.with("Cache-Control", "no-store"));
    }

    @Override
    public Page refusal(Refusal why, String requestId) {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("error", why.message());
        return json(why.status(), body.put("request_id", requestId));
    }

    private Page welcome(Fields head) {
        if (Welcome.isWanted(head.first("Accept"))) {
            return Welcome.html(offers(), head.first("Host"), health.word());
        }
        return health.page(Welcome.json(offers(), access));
    }

    private Offers offers() {
        if (access == Access.ANYBODY) return new Offers(false, List.of(), false, USUAL_MODEL);
        return new Offers(
                !upstreams.channels().isEmpty(),
                upstreams.namedServices(),
                !upstreams.services().isEmpty(),
                upstreams.exampleModel().orElse(USUAL_MODEL));
    }

    private Page metrics() {
        return new Page(200, METRICS_TYPE, telemetry.metrics().getBytes(StandardCharsets.UTF_8));
    }

    static Page json(int status, ObjectNode body) {
        return Page.json(status, body.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static Page check(String name, HealthCheck check) {
        boolean up = check.call().status() == HealthCheckResponse.Status.UP;
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("status", up ? "ok" : "down");
        return json(up ? 200 : 503, body.put("check", name));
    }
}
