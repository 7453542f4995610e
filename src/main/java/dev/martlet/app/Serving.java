package dev.martlet.app;

import dev.martlet.config.Config;
import dev.martlet.operations.Version;
import dev.martlet.server.ServerSettings;

import sun.misc.Signal;

import java.io.UncheckedIOException;
import java.time.Duration;

/// A gateway as a service: heeds signals, and tells systemd how it goes, from its start to its end.
record Serving(Gateway gateway, Systemd systemd) {
    /// What ending takes when no call runs any more, at the most.
    private static final Duration CLOSING = Duration.ofSeconds(10);

    /// The same, on ports that another process of the same user may listen on, too.
    static Config withSharedPorts(Config config) {
        ServerSettings shared = config.server().onSharedPorts();
        return new Config(shared, config.telemetry(), config.catalog(), config.notes(), config.written());
    }

    /// Starts it.
    ///
    /// @throws UncheckedIOException if it cannot listen; it is closed then
    void begin() {
        Signal.handle(new Signal("HUP"), _ -> reload());
        try {
            gateway.start(this::reload);
        } catch (UncheckedIOException e) {
            gateway.close();
            throw e;
        }
        new Shutdown(gateway, this::succeeded).onSignals();
        systemd.ready(standing());
        systemd.watch(OwnDoor.of(gateway.settings(), gateway.port()));
    }

    /// On a signal, or because a file has changed: systemd is told either way, also how many upstreams there are now.
    private synchronized void reload() {
        systemd.reloading();
        gateway.reload();
        systemd.ready(standing());
    }

    /// Whether another process has our port, asked when the end begins; systemd is told how long that end may take.
    private boolean succeeded() {
        boolean succeeded = Successor.listensOn(gateway.port());
        ServerSettings.Times times = gateway.settings().times();
        systemd.stopping("ends the calls that run", (succeeded ? times.drain() : times.restartDrain()).plus(CLOSING));
        return succeeded;
    }

    private String standing() {
        return "martlet "
                + Version.TEXT
                + " on port "
                + gateway.port()
                + ", services: "
                + gateway.services()
                + ", channels: "
                + gateway.channels();
    }
}
