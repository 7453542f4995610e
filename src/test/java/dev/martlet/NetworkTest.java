package dev.martlet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.InetAddress;

class NetworkTest {
    @ParameterizedTest(name = "{0}/{1} holds {2}: {3}")
    @CsvSource({
        "10.0.0.0, 8, 10.255.255.255, true",
        "10.0.0.0, 8, 11.0.0.0, false",
        "192.168.4.0, 22, 192.168.7.255, true",
        "192.168.4.0, 22, 192.168.8.0, false",
        "192.0.2.1, 32, 192.0.2.1, true",
        "192.0.2.1, 32, 192.0.2.2, false",
        "0.0.0.0, 0, 203.0.113.9, true",
        "0.0.0.0, 0, 2001:db8::1, false",
        "2001:db8::, 33, 2001:db8:7fff::1, true",
        "2001:db8::, 33, 2001:db8:8000::1, false",
    })
    void holdsWhatSharesItsFirstBits(String address, int bits, String other, boolean held) {
        assertEquals(held, Network.of(InetAddress.ofLiteral(address), bits).contains(InetAddress.ofLiteral(other)));
    }

    @Test
    void anAddressHasNoMoreBitsThanItHas() {
        assertThrows(IllegalArgumentException.class, () -> Network.of(InetAddress.ofLiteral("10.0.0.0"), 33));
    }
}
