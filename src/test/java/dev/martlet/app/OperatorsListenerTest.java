package dev.martlet.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.martlet.server.ServerSettings;
import dev.martlet.server.ServerSettings.Listen;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

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

    @Test
    @DisplayName("the operator meets the successor as soon as there is one, however long calls still run")
    void isLeftToTheSuccessor() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        FakeProvider.Script slow =
                peer -> {
                    peer.request();
                    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na");
                    Wait.on(goOn);
                    peer.send("b");
                };
        try (FakeProvider provider = new FakeProvider(slow);
                Stage old = new Stage(provider, settings -> withOwnListener(settings).onSharedPorts());
                RawClient client = new RawClient(old.port());
                Stage _ = new Stage(provider, settings -> onPortsOf(old.gateway(), settings))) {
            client.send(RawClient.GET);
            client.await("\r\n\r\na");
            Future<Boolean> whole =
                    CompletableFuture.supplyAsync(() -> old.gateway().stop(true), Thread::startVirtualThread);
            int operators = old.gateway().operatorsPort().orElseThrow();
            Wait.until(() -> IntStream.range(0, 20).allMatch(_ -> get(operators, "/health").status() == 200));
            assertFalse(whole.isDone(), "the call has not ended");
            goOn.countDown();
            assertEquals("b", client.rest());
            assertTrue(whole.get());
        } finally {
            goOn.countDown();
        }
    }

    private static ServerSettings onPortsOf(Gateway other, ServerSettings settings) {
        ServerSettings own =
                withOwnListener(settings.on("127.0.0.1", other.port()), other.operatorsPort().orElseThrow());
        return own.onSharedPorts();
    }

    private static RawClient.Answer get(int port, String path) {
        return RawClient.ask(port, "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    }

    private static ServerSettings withOwnListener(ServerSettings settings) {
        return withOwnListener(settings, 0);
    }

    private static ServerSettings withOwnListener(ServerSettings settings, int port) {
        return new ServerSettings(
                settings.listen(),
                Optional.of(new Listen("127.0.0.1", port)),
                settings.tls(),
                settings.trustedProxies(),
                settings.limits(),
                settings.times(),
                settings.perAddress(),
                settings.exposeTrail());
    }
}
