package dev.martlet.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.martlet.server.ServerSettings;
import dev.martlet.server.ServerSettings.Listen;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.util.Optional;

class OperatorsListenerTest {
    @Test
    @DisplayName("A-16 with a listener of their own the operator's pages are there, and not on the public one")
    void hasTheOperatorsPagesToItself() {
        try (FakeProvider provider = FakeProvider.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
                Stage stage = new Stage(provider, OperatorsListenerTest::withOwnListener)) {
            int operators = stage.gateway().operatorsPort().orElseThrow();
            assertTrue(get(operators, "/metrics").body().contains("martlet_"));
            assertEquals(200, get(operators, "/stats").status());
            assertEquals(200, get(operators, "/health").status());
            assertEquals(404, get(operators, "/v1/models").status());
            assertEquals(404, get(stage.port(), "/metrics").status());
            assertEquals(404, get(stage.port(), "/stats").status());
            assertEquals(200, get(stage.port(), "/health").status());
            assertEquals(200, get(stage.port(), "/v1/models").status());
            assertEquals(1, provider.requests().size());
        }
    }

    private static RawClient.Answer get(int port, String path) {
        return RawClient.ask(port, "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    }

    private static ServerSettings withOwnListener(ServerSettings settings) {
        return new ServerSettings(
                settings.listen(),
                Optional.of(new Listen("127.0.0.1", 0)),
                settings.tls(),
                settings.trustedProxies(),
                settings.limits(),
                settings.times(),
                settings.perAddress(),
                settings.exposeTrail());
    }
}
