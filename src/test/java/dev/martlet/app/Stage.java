package dev.martlet.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.martlet.Catalog;
import dev.martlet.RoutingPolicy;
import dev.martlet.Service;
import dev.martlet.Target;
import dev.martlet.Timeouts;
import dev.martlet.Trust;
import dev.martlet.app.RawClient.Answer;
import dev.martlet.config.Config;
import dev.martlet.server.ServerSettings;
import dev.martlet.telemetry.TelemetrySettings;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/// A running gateway with a pool of two services, and its log. No breaker opens: each call may meet either service.
final class Stage implements AutoCloseable {
    /// For tests that wait until the gateway has had enough.
    static final Timeouts SHORT = timeouts(700, 700, 30_000);

    /// For tests in which nothing may run out.
    static final Timeouts LONG = timeouts(20_000, 20_000, 300_000);

    private static final int CALLS_MAX = 60;
    private static final RoutingPolicy NO_BREAKER = new RoutingPolicy(1_000_000, Duration.ofSeconds(1));

    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final Gateway gateway;

    Stage(Target one, Target two) {
        this(one, two, UnaryOperator.identity());
    }

    /// @param settings what is other than the defaults
    Stage(Target one, Target two, UnaryOperator<ServerSettings> settings) {
        List<Service> pool = List.of(new Service("service-1", one), new Service("service-2", two));
        gateway =
                new Gateway(
                        new Config(
                                settings.apply(ServerSettings.standard().on("127.0.0.1", 0)),
                                TelemetrySettings.standard(),
                                new Catalog(pool, "hint", NO_BREAKER, List.of("*")),
                                List.of()),
                        log);
        gateway.start();
    }

    /// Two services on ports of this machine.
    Stage(int portOne, int portTwo, Timeouts timeouts) {
        this(target(portOne, timeouts), target(portTwo, timeouts));
    }

    /// One provider behind both services.
    Stage(FakeProvider provider, Timeouts timeouts) {
        this(provider.port(), provider.port(), timeouts);
    }

    /// One provider behind both services, with settings other than the defaults.
    Stage(FakeProvider provider, UnaryOperator<ServerSettings> settings) {
        this(target(provider.port(), LONG), target(provider.port(), LONG), settings);
    }

    static Target target(int port, Timeouts timeouts) {
        return new Target(false, "127.0.0.1", port, "", Trust.PUBLIC, Optional.empty(), timeouts);
    }

    static Timeouts timeouts(int firstByteMillis, int idleMillis, int totalMillis) {
        return new Timeouts(
                Duration.ofMillis(firstByteMillis < 5_000 ? 500 : 5_000),
                Duration.ofMillis(firstByteMillis),
                Duration.ofMillis(idleMillis),
                Duration.ofMillis(totalMillis));
    }

    int port() {
        return gateway.port();
    }

    Gateway gateway() {
        return gateway;
    }

    String log() {
        return log.toString(StandardCharsets.UTF_8);
    }

    /// Calls until the order of the services has made the log say this; every call must succeed.
    void answersUntilMet(String step) {
        for (int i = 0; i < CALLS_MAX && !log().contains(step); i++) {
            Answer answer = RawClient.get(port());
            assertEquals(200, answer.status(), answer::body);
            assertEquals("{\"ok\":true}", answer.body());
            assertTrue(answer.complete());
        }
        awaitLog(step);
    }

    /// The line of the call whose trail has this step.
    String line(String step) {
        awaitLog(step);
        return log().lines().filter(line -> line.contains(step)).findFirst().orElseThrow();
    }

    /// Waits until the log says this: a line is written a moment after the client has its answer.
    void awaitLog(String part) {
        await(log -> log.contains(part), "no " + part);
    }

    /// Waits until so many calls are over.
    void awaitCalls(int count) {
        await(log -> log.lines().filter(line -> line.contains(" term=")).count() >= count, "less than " + count);
    }

    private void await(Predicate<String> sight, String otherwise) {
        Wait.until(() -> sight.test(log()), () -> otherwise + " in " + log());
    }

    @Override
    public void close() {
        gateway.close();
    }
}
