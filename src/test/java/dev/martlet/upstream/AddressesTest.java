package dev.martlet.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.martlet.Body;
import dev.martlet.Fields;
import dev.martlet.Patience;
import dev.martlet.Target;
import dev.martlet.Timeouts;
import dev.martlet.Trust;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

class AddressesTest {
    @Test
    @DisplayName("U-3 two addresses of a name, one dead: the other is tried")
    void triesAllAddressesOfAName() throws IOException, ExchangeFailed {
        Duration time = Duration.ofSeconds(5);
        List<InetAddress> deadThenAlive =
                List.of(InetAddress.ofLiteral("127.0.0.2"), InetAddress.ofLiteral("127.0.0.1"));
        try (ServerSocket server = new ServerSocket(0, 8, InetAddress.ofLiteral("127.0.0.1"));
                Upstream upstream = new Upstream(UpstreamSettings.standard(), _ -> deadThenAlive)) {
            Thread.ofVirtual().start(() -> answerOnce(server));
            Target target =
                    new Target(
                            false,
                            "provider.test",
                            server.getLocalPort(),
                            "",
                            new Trust.Public(),
                            Optional.empty(),
                            new Timeouts(time, time, time, time));
            Upstream.Request request = new Upstream.Request("GET", "/", Fields.NONE, new Body.None());
            try (Exchange exchange = upstream.send(target, request, Patience.ENDLESS)) {
                assertEquals(204, exchange.head().status());
            }
        }
    }

    private static void answerOnce(ServerSocket server) {
        try (Socket socket = server.accept()) {
            byte[] request = new byte[1024];
            if (socket.getInputStream().read(request) < 0) return;
            socket.getOutputStream().write("HTTP/1.1 204 No Content\r\n\r\n".getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // the test is over
        }
    }
}
