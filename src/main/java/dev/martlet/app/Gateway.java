package dev.martlet.app;

import dev.martlet.Catalog;
import dev.martlet.config.Config;
import dev.martlet.operations.Health;
import dev.martlet.operations.Operations;
import dev.martlet.relay.Relay;
import dev.martlet.routing.Router;
import dev.martlet.server.Door;
import dev.martlet.server.Server;
import dev.martlet.surface.Surfaces;
import dev.martlet.telemetry.Telemetry;
import dev.martlet.upstream.Upstream;
import dev.martlet.upstream.UpstreamSettings;

import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;

/// A whole gateway: assembled from a configuration, started, stopped. Several may run in one process.
public final class Gateway implements AutoCloseable {
    private final Telemetry telemetry;
    private final Upstream upstream;
    private final Server server;
    private final AtomicBoolean stopping = new AtomicBoolean();

    /// @param log where log lines go
    public Gateway(Config config, OutputStream log) {
        Catalog catalog = config.catalog();
        Router router = new Router(() -> ThreadLocalRandom.current().nextLong(), System::nanoTime);
        telemetry = new Telemetry(config.telemetry(), log);
        upstream = new Upstream(UpstreamSettings.standard());
        Relay relay = new Relay(() -> catalog, router, upstream, telemetry::record);
        List<Door> doors = new ArrayList<>();
        doors.add(new Operations(() -> new Health.Pool(router.healthy(catalog), catalog.pool().size()), stopping::get));
        doors.addAll(Surfaces.of(relay));
        server = new Server(config.server(), doors, catalog::corsOrigins, telemetry::record);
        config.notes().forEach(telemetry::note);
    }

    /// Listens; from here on calls are served.
    ///
    /// @throws java.io.UncheckedIOException if the address cannot be bound
    public void start() {
        server.start();
        telemetry.note("martlet " + dev.martlet.operations.Version.TEXT + " listens on port " + server.port());
    }

    public int port() {
        return server.port();
    }

    /// Stops listening, lets running calls end for a while, closes what is left.
    @Override
    public void close() {
        if (!stopping.compareAndSet(false, true)) return;
        server.stop();
        upstream.close();
        telemetry.note("martlet stopped");
        telemetry.close();
    }
}
