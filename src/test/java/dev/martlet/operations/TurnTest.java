package dev.martlet.operations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.martlet.Patience.Watch;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

@Timeout(20)
class TurnTest {
    private final Turn turn = new Turn();
    private final AtomicInteger ends = new AtomicInteger();

    @Test
    void endsOnceWhoeverEndsItAndHoweverOften() {
        assertFalse(turn.isOver());
        try (Watch _ = turn.watch(ends::incrementAndGet)) {
            turn.end();
            turn.end();
        }
        assertTrue(turn.isOver());
        assertEquals(1, ends.get());
    }

    @Test
    void endsByItselfWhenItsTimeIsOver() throws InterruptedException {
        CountDownLatch over = new CountDownLatch(1);
        try (Watch _ = turn.watch(over::countDown)) {
            turn.endIn(Duration.ofMillis(20));
            over.await();
        }
        assertTrue(turn.isOver());
    }

    @Test
    void whoeverWatchesTooLateHearsAtOnce() {
        turn.end();
        try (Watch _ = turn.watch(ends::incrementAndGet)) {
            assertEquals(1, ends.get());
        }
    }

    @Test
    void whoeverWatchesNoLongerHearsNothing() {
        turn.watch(ends::incrementAndGet).close();
        turn.end();
        assertEquals(0, ends.get());
    }
}
