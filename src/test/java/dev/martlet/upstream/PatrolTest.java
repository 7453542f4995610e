package dev.martlet.upstream;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

class PatrolTest {
    @Test
    void aWardThatThrowsKeepsNobodyFromBeingLookedAfter() throws InterruptedException {
        Watchdog watchdog = new Watchdog();
        try {
            CountDownLatch rounds = new CountDownLatch(3);
            Patrol patrol = new Patrol(watchdog);
            patrol.add(_ -> {
                throw new IllegalStateException("a bug of a ward");
            });
            patrol.add(_ -> {
                throw new InternalError("worse than a bug");
            });
            patrol.add(_ -> rounds.countDown());
            assertTrue(rounds.await(5, TimeUnit.SECONDS), "the patrol walks no more");
        } finally {
            watchdog.stop();
        }
    }
}
