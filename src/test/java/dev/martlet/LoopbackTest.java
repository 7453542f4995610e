package dev.martlet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

class LoopbackTest {
    /// The columns: the peer's address, `Host`, and other fields as `Name: value`, separated by `+`.
    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, localhost, , true",
        "127.0.0.1, LocalHost:8080, , true",
        "127.8.9.10, 127.0.0.1:8080, , true",
        "::1, [::1]:8080, , true",
        "::1, [::1], , true",
        "::ffff:127.0.0.1, 127.0.0.1, , true",
        "127.0.0.1, localhost, Origin: http://localhost:3000, true",
        "127.0.0.1, localhost, Origin: https://127.0.0.1, true",
        "127.0.0.1, localhost, Origin: http://[::1]:80, true",
        "192.0.2.7, localhost, , false",
        "10.0.0.1, 127.0.0.1, , false",
        "::, localhost, , false",
        "fe80::1, localhost, , false",
        "127.0.0.1, , , false",
        "127.0.0.1, gateway.example, , false",
        "127.0.0.1, localhost.gateway.example, , false",
        "127.0.0.1, 127.0.0.1.gateway.example, , false",
        "127.0.0.1, localhost:, , false",
        "127.0.0.1, localhost:80:80, , false",
        "127.0.0.1, 128.0.0.1, , false",
        "127.0.0.1, 0.0.0.0, , false",
        "127.0.0.1, [::], , false",
        "127.0.0.1, user@localhost, , false",
        "127.0.0.1, localhost, Host: localhost, false",
        "127.0.0.1, localhost, Host: gateway.example, false",
        "127.0.0.1, localhost, Origin: https://gateway.example, false",
        "127.0.0.1, localhost, Origin: http://localhost.gateway.example, false",
        "127.0.0.1, localhost, Origin: http://localhost@gateway.example, false",
        "127.0.0.1, localhost, Origin: null, false",
        "127.0.0.1, localhost, Origin: file://, false",
        "127.0.0.1, localhost, Origin: http://localhost + Origin: https://gateway.example, false",
        "127.0.0.1, localhost, X-Forwarded-For: 127.0.0.1, false",
        "127.0.0.1, localhost, x-forwarded-for: , false",
        "127.0.0.1, localhost, Forwarded: for=127.0.0.1, false",
        "127.0.0.1, localhost, X-Real-IP: 127.0.0.1, false",
        "127.0.0.1, localhost, Via: 1.1 proxy, false",
    })
    void isARequestMadeHereWithoutAProxy(String peer, String host, String others, boolean expected) throws Exception {
        List<Field> fields = new ArrayList<>();
        if (host != null) fields.add(new Field("Host", host));
        for (String other : others == null ? new String[0] : others.split(" \\+ ")) {
            String[] parts = other.split(":", 2);
            fields.add(new Field(parts[0], parts[1].strip()));
        }
        assertEquals(expected, Loopback.is(InetAddress.getByName(peer), Fields.of(fields)));
    }
}
