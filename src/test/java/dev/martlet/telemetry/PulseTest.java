package dev.martlet.telemetry;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

class PulseTest {
    @Test
    void aBeatThatFailsIsNotTheLast() throws InterruptedException {
        CountDownLatch beats = new CountDownLatch(3);
        Runnable failing =
                () -> {
                    beats.countDown();
                    throw new InternalError("no file left to count the files with");
                };
        try (Pulse _ = new Pulse(Duration.ofMillis(5), failing)) {
            assertTrue(beats.await(5, TimeUnit.SECONDS), "the pulse has stopped");
        }
    }
}
