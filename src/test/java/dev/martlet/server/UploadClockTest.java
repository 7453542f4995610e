package dev.martlet.server;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.time.Duration;

class UploadClockTest {
    private final UploadClock clock = new UploadClock(Duration.ofSeconds(60));

    @Test
    void aTrickleRunsOutAfterTheTime() {
        for (int i = 0; i < 11; i++) clock.waited(Duration.ofSeconds(5).toNanos(), 1);
        assertFalse(clock.deadline().passed());
        clock.waited(Duration.ofSeconds(5).toNanos(), 1);
        assertTrue(clock.deadline().leftNanos() < Duration.ofMillis(1).toNanos());
    }

    @Test
    void whatHasComeBuysTime() {
        for (int i = 0; i < 1000; i++) clock.waited(Duration.ofSeconds(1).toNanos(), 1 << 20);
        assertFalse(clock.deadline().passed());
        long left = Duration.ofNanos(clock.deadline().leftNanos()).toSeconds();
        assertTrue(left > 15_000 && left < 15_100, left + " s");
    }

    @Test
    void theEndIsNoByte() {
        clock.waited(0, -1);
        assertTrue(clock.deadline().leftNanos() <= Duration.ofSeconds(60).toNanos());
    }
}
