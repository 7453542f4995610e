package dev.martlet.operations;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.martlet.Body;
import dev.martlet.ChannelCondition;
import dev.martlet.ChannelStates;
import dev.martlet.Condition;
import dev.martlet.Crowding;
import dev.martlet.Fields;
import dev.martlet.Lane;
import dev.martlet.Patience;
import dev.martlet.Refused;
import dev.martlet.Reloads;
import dev.martlet.RoutingPolicy.Strategy;
import dev.martlet.server.Incoming;
import dev.martlet.server.Peers;
import dev.martlet.telemetry.Surroundings;
import dev.martlet.telemetry.Telemetry;
import dev.martlet.telemetry.TelemetrySettings;
import dev.martlet.telemetry.Upstreams;
import dev.martlet.wire.Http1.Framing;
import dev.martlet.wire.Http1.RequestHead;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.io.OutputStream;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

class AccessTest {
    private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");
    private static final InetAddress ELSEWHERE = InetAddress.ofLiteral("192.0.2.7");

    private static final Upstreams NONE =
            new Upstreams() {
                @Override
                public List<String> namedServices() {
                    return List.of();
                }

                @Override
                public List<Condition> services() {
                    return List.of();
                }

                @Override
                public List<ChannelStates> channels() {
                    return List.of();
                }

                @Override
                public List<ChannelCondition> keys() {
                    return List.of();
                }

                @Override
                public int inLane(Lane lane) {
                    return 3;
                }

                @Override
                public int placesInLane(Lane lane) {
                    return 7;
                }

                @Override
                public Strategy strategy() {
                    return Strategy.ROUND_ROBIN;
                }

                @Override
                public boolean isNamed(String model) {
                    return false;
                }

                @Override
                public Optional<String> exampleModel() {
                    return Optional.empty();
                }
            };

    private final Incoming near = request("/metrics", new Peers(HERE, HERE), "localhost");
    private final Incoming far = request("/metrics", new Peers(ELSEWHERE, ELSEWHERE), "localhost");

    @Test
    void whereThePagesHaveAListenerOfTheirOwnTheyAreForAllOnItAndUnknownElsewhere() {
        assertDoesNotThrow(() -> Access.ANYBODY.check(far));
        assertEquals(404, refusal(Access.NOBODY, near));
    }

    @Test
    @DisplayName("the connection's own address counts, not the one that a proxy claims")
    void loopbackIsAboutTheConnection() {
        assertDoesNotThrow(() -> Access.LOOPBACK.check(near));
        assertEquals(403, refusal(Access.LOOPBACK, far));
        assertEquals(403, refusal(Access.LOOPBACK, request("/metrics", new Peers(HERE, ELSEWHERE), "localhost")));
        assertDoesNotThrow(() -> Access.LOOPBACK.check(request("/metrics", new Peers(ELSEWHERE, HERE), "localhost")));
    }

    @Test
    void theDoorOfTheOperatorsListenerOpensToEverything() {
        Surroundings surroundings = new Surroundings("", NONE, () -> new Crowding(0, 0, 0, 0, 0), () -> Reloads.NONE);
        try (Telemetry telemetry =
                new Telemetry(TelemetrySettings.standard(), OutputStream.nullOutputStream(), surroundings)) {
            Incoming call = request("/v1/models", new Peers(HERE, HERE), "localhost");
            assertTrue(operations(telemetry, Access.ANYBODY).opens(call));
            assertFalse(operations(telemetry, Access.LOOPBACK).opens(call));
            assertTrue(operations(telemetry, Access.NOBODY).opens(near), "a page of ours is never forwarded");
        }
    }

    private static Operations operations(Telemetry telemetry, Access access) {
        return new Operations(() -> false, telemetry, access);
    }

    private static int refusal(Access access, Incoming request) {
        return assertThrows(Refused.class, () -> access.check(request)).why().status();
    }

    private static Incoming request(String target, Peers peers, String host) {
        RequestHead head = new RequestHead("GET", target, 1, Fields.of("Host", host), new Framing.None());
        return new Incoming("id", head, peers, new Body.None(), Patience.ENDLESS, 0);
    }
}
