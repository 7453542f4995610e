package dev.martlet;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

class RoutineTest {
    @Test
    void aRoundThatFailsIsNotTheLast() throws InterruptedException {
        CountDownLatch rounds = new CountDownLatch(3);
        Runnable failing =
                () -> {
                    rounds.countDown();
                    throw new InternalError("no file left to count the files with");
                };
        try (Routine _ = new Routine("test", Duration.ofMillis(5), failing)) {
            assertTrue(rounds.await(5, TimeUnit.SECONDS), "it has stopped");
        }
    }
}
