package dev.martlet.telemetry;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.concurrent.atomic.AtomicBoolean;

class ShelfTest {
    private static final int LOOKS = 20_000;

    @Test
    void metersMayGoWhileSomebodyLooks() throws InterruptedException {
        AtomicBoolean over = new AtomicBoolean();
        try (Shelf shelf = new Shelf()) {
            Thread changing =
                    Thread.ofPlatform()
                            .start(() -> {
                                while (!over.get()) {
                                    shelf.gauge(Metric.BREAKER, () -> 1.0, "target", "a");
                                    shelf.remove(Metric.BREAKER, "target", "a");
                                }
                            });
            try {
                for (int i = 0; i < LOOKS; i++) {
                    String text = shelf.text();
                    assertTrue(text.isEmpty() || text.startsWith("# HELP "), text);
                }
            } finally {
                over.set(true);
                changing.join();
            }
        }
    }
}
