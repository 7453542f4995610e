package dev.martlet.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.martlet.Field;
import dev.martlet.Fields;
import dev.martlet.Network;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;

/// Whose word about a client's address is believed.
class PeersTest {
    private static final List<Network> TRUSTED =
            List.of(Network.of(InetAddress.ofLiteral("10.0.0.0"), 8), Network.of(InetAddress.ofLiteral("fd00::"), 8));

    @ParameterizedTest(name = "{0} says \"{1}\": {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "192.0.2.1 |                                   | 192.0.2.1",
                "192.0.2.1 | 198.51.100.9                      | 192.0.2.1",
                "10.0.0.1  |                                   | 10.0.0.1",
                "10.0.0.1  | 198.51.100.9                      | 198.51.100.9",
                "10.0.0.1  | 203.0.113.5, 198.51.100.9         | 198.51.100.9",
                "10.0.0.1  | 203.0.113.5, 10.9.9.9             | 203.0.113.5",
                "10.0.0.1  | 10.1.1.1, 10.9.9.9                | 10.1.1.1",
                "10.0.0.1  | unknown                           | 10.0.0.1",
                "10.0.0.1  | 203.0.113.5, unknown, 10.9.9.9    | 10.9.9.9",
                "10.0.0.1  | evil.example, 198.51.100.9        | 198.51.100.9",
                "10.0.0.1  | 198.51.100.9:4711                 | 198.51.100.9",
                "10.0.0.1  | [2001:db8::7]:4711                | 2001:db8:0:0:0:0:0:7",
                "10.0.0.1  | 2001:db8::7                       | 2001:db8:0:0:0:0:0:7",
                "fd00::1   | 198.51.100.9                      | 198.51.100.9",
                "10.0.0.1  | 203.0.113.5 / 198.51.100.9        | 198.51.100.9",
            })
    void believesTrustedProxiesOnly(String neighbor, String said, String client) {
        Field[] lines =
                said == null
                        ? new Field[0]
                        : Arrays.stream(said.split(" / "))
                                .map(line -> new Field("X-Forwarded-For", line))
                                .toArray(Field[]::new);
        Peers peers = Peers.of(InetAddress.ofLiteral(neighbor), Fields.of(List.of(lines)), TRUSTED);
        assertEquals(client, peers.client().getHostAddress());
        assertEquals(InetAddress.ofLiteral(neighbor), peers.neighbor());
    }
}
