package dev.martlet.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.Optional;

class KindTest {
    private static final Kind<Duration> TIME = Kind.time(Duration.ofMillis(10), Duration.ofDays(1));
    private static final Kind<Long> SIZE = Kind.size(1 << 10, 64L << 30);

    @ParameterizedTest
    @CsvSource({"10ms, PT0.01S", "600s, PT10M", "5m, PT5M", "1h, PT1H", "24h, P1D", "1d, P1D", "0500ms, PT0.5S"})
    void isATime(String text, Duration time) {
        assertEquals(Optional.of(time), TIME.read(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "600", "9ms", "2d", "1.5s", "-1s", "1 s", "1S", "1w", "s", "1s1s", "999999999999d", "１s"})
    void isNoTime(String text) {
        assertEquals(Optional.empty(), TIME.read(text));
    }

    @ParameterizedTest
    @CsvSource({"1024, 1024", "1KiB, 1024", "6MB, 6000000", "32MiB, 33554432", "64GiB, 68719476736", "2048B, 2048"})
    void isASize(String text, long bytes) {
        assertEquals(Optional.of(bytes), SIZE.read(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1023", "65GiB", "1.5MiB", "-1", "1 MiB", "1M", "1mib", "999999999999GiB", "0x400"})
    void isNoSize(String text) {
        assertEquals(Optional.empty(), SIZE.read(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "65536", "80.0", "8_0", "0x50", "+80", "eighty", "99999999999999999999", "٨٠"})
    void isNoPort(String text) {
        assertEquals(Optional.empty(), Kind.whole(0, 65_535).read(text));
    }

    @Test
    void saysItsRangeInTheUnitsItReads() {
        assertEquals("10ms to 1d, with a unit: ms, s, m, h, d", TIME.allowed());
        assertEquals("1KiB to 64GiB, in bytes or with a unit: B, KB, MB, GB, KiB, MiB, GiB", SIZE.allowed());
    }
}
