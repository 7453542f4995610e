package dev.martlet.app;

import dev.martlet.Crowding;
import dev.martlet.config.Config;
import dev.martlet.config.ConfigInvalid;
import dev.martlet.operations.Access;
import dev.martlet.operations.Operations;
import dev.martlet.operations.Verification;
import dev.martlet.operations.Version;
import dev.martlet.relay.Models;
import dev.martlet.relay.Probe;
import dev.martlet.relay.Relay;
import dev.martlet.relay.RelaySettings;
import dev.martlet.routing.Router;
import dev.martlet.server.Door;
import dev.martlet.server.Server;
import dev.martlet.server.ServerSettings;
import dev.martlet.surface.Surfaces;
import dev.martlet.telemetry.Surroundings;
import dev.martlet.telemetry.Telemetry;
import dev.martlet.upstream.Upstream;
import dev.martlet.upstream.UpstreamSettings;
import dev.martlet.wire.ByteBudget;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/// A whole gateway: assembled from a configuration, started, stopped. Several may run in one process.
public final class Gateway implements AutoCloseable {
    /// How many of the largest uploads may wait in files at a time.
    private static final int SPOOLED_UPLOADS = 4;

    /// What the operator's pages that are under way may take when there is a successor.
    private static final Duration PAGES = Duration.ofSeconds(5);

    private final CatalogSource source;
    private final Telemetry telemetry;
    private final Upstream upstream;
    private final Relay relay;
    private final Server server;
    private final Optional<Server> admin;
    private final ServerSettings settings;
    private final AtomicBoolean stopping = new AtomicBoolean();

    /// One whose configuration stays as it is.
    ///
    /// @param log where log lines go
    public Gateway(Config config, OutputStream log) {
        this(config, () -> config, log);
    }

    /// One that reads its configuration again when asked, and while it listens when a file has changed.
    ///
    /// @throws UncheckedIOException if the certificate cannot be used
    Gateway(CatalogSource.Reading reading, OutputStream log) throws ConfigInvalid {
        this(reading.again(), reading, log);
    }

    private Gateway(Config config, CatalogSource.Reading reading, OutputStream log) {
        source = new CatalogSource(config, reading, this::follow);
        Router router =
                new Router(
                        () -> ThreadLocalRandom.current().nextLong(),
                        System::nanoTime,
                        config.server().limits().inFlightMax());
        Surroundings surroundings =
                new Surroundings(
                        Version.TEXT, new RoutedUpstreams(router, source::inForce), this::crowding, source::reloads);
        telemetry = new Telemetry(config.telemetry(), log, surroundings);
        upstream = new Upstream(UpstreamSettings.standard().resting(config.server().limits().restingMax()));
        relay =
                new Relay(
                        source::inForce,
                        router,
                        upstream,
                        new ByteBudget(config.server().limits().bufferedBytesMax()),
                        relaySettings(config.server().limits()),
                        telemetry::record);
        Function<Access, Door> operations = access -> new Operations(stopping::get, telemetry, access);
        settings = config.server();
        Probe probe = new Probe(upstream);
        List<Door> doors = new ArrayList<>();
        doors.add(new Verification(probe, source::inForce, telemetry::record));
        doors.add(Surfaces.services(relay, () -> source.inForce().services().names()));
        doors.add(operations.apply(settings.admin().isPresent() ? Access.NOBODY : Access.LOOPBACK));
        Models models = new Models(probe, source::inForce);
        doors.addAll(
                Surfaces.of(
                        relay,
                        models,
                        () -> !source.inForce().channels().list().isEmpty(),
                        config.server().exposeTrail()));
        server = listener(doors);
        List<Door> operatorsDoor = List.of(operations.apply(Access.ANYBODY));
        admin =
                settings.admin()
                        .map(at -> new Server(settings.forAdmin(), at, operatorsDoor, List::of, telemetry::record));
        config.notes().forEach(telemetry::note);
    }

    private static RelaySettings relaySettings(ServerSettings.Limits limits) {
        Path state =
                Systemd.stateDirectory(System.getenv()).orElseGet(() -> Path.of(System.getProperty("java.io.tmpdir")));
        return new RelaySettings(limits.requestBodyBytes(), state, SPOOLED_UPLOADS * limits.uploadBytes());
    }

    private Server listener(List<Door> doors) {
        try {
            return new Server(
                    settings, settings.listen(), doors, () -> source.inForce().corsOrigins(), telemetry::record);
        } catch (UncheckedIOException e) {
            relay.close();
            upstream.close();
            telemetry.close();
            throw e;
        }
    }

    /// Listens; from here on calls are served.
    ///
    /// @throws UncheckedIOException if the address cannot be bound
    public void start() {
        start(this::reload);
    }

    /// The same, for somebody who wants to know of reloads.
    ///
    /// @param changed calls [#reload]; runs when a file has changed
    void start(Runnable changed) {
        server.start();
        admin.ifPresent(Server::start);
        source.watch(changed);
        telemetry.note("martlet " + Version.TEXT + " listens on port " + server.port() + adminPort());
    }

    private String adminPort() {
        return admin.map(listener -> ", for its operator on port " + listener.port()).orElse("");
    }

    private Crowding crowding() {
        return server.crowding();
    }

    public int port() {
        return server.port();
    }

    /// The port of the operator's own listener, when there is one.
    public OptionalInt operatorsPort() {
        return admin.map(listener -> OptionalInt.of(listener.port())).orElse(OptionalInt.empty());
    }

    /// What it was started with.
    ServerSettings settings() {
        return settings;
    }

    /// How many services it has at the moment.
    int services() {
        return source.inForce().pool().size();
    }

    /// How many channels it has at the moment.
    int channels() {
        return source.inForce().channels().list().size();
    }

    /// Reads the configuration again. Calls that run keep what they began with.
    void reload() {
        source.reload();
    }

    /// What is no part of the catalog, and may change all the same.
    private void follow(Config config) throws IOException {
        reloadCertificate();
        telemetry.level(config.telemetry().level());
    }

    /// Stops listening, lets running calls end for a while, cuts what is left.
    ///
    /// @param succeeded whether a successor listens on the port by now: then there is no hurry
    /// @return whether every call came to its own end; false when it is stopping already
    public boolean stop(boolean succeeded) {
        if (!stopping.compareAndSet(false, true)) return false;
        source.close();
        ServerSettings.Times times = settings.times();
        if (succeeded) admin.ifPresent(listener -> listener.stop(PAGES, true)); // the operator meets the successor
        boolean whole = server.stop(succeeded ? times.drain() : times.restartDrain(), succeeded);
        admin.ifPresent(listener -> listener.stop(Duration.ZERO, false));
        relay.close();
        upstream.close();
        telemetry.note(whole ? "martlet stopped" : "martlet stopped; calls that ran longer were cut");
        telemetry.close();
        return whole;
    }

    /// Reads the files of the listener's certificate again.
    ///
    /// @throws IOException if they cannot be used; the old certificate stays
    public void reloadCertificate() throws IOException {
        server.reloadCertificate();
    }

    /// Ends the waiting of [#stop]: what runs is cut.
    public void cut() {
        server.cut();
    }

    @Override
    public void close() {
        stop(false);
    }
}
