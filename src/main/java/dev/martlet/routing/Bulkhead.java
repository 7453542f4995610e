package dev.martlet.routing;

import dev.martlet.Condition.Load;

import java.util.concurrent.atomic.AtomicInteger;

/// Shares the places for calls under way among the targets: each may hold as many as are still free. One that is slow thus
/// leaves half of them, two leave a third, and whoever goes to another target finds room.
final class Bulkhead {
    private final int placesMax;
    private final AtomicInteger taken = new AtomicInteger();

    Bulkhead(int placesMax) {
        this.placesMax = placesMax;
    }

    Compartment compartment() {
        return new Compartment();
    }

    /// The places that one target holds.
    final class Compartment {
        private final AtomicInteger held = new AtomicInteger();

        /// Never refused: a crowded target is passed over only where there is another.
        void enter() {
            held.incrementAndGet();
            taken.incrementAndGet();
        }

        void leave() {
            taken.decrementAndGet();
            held.decrementAndGet();
        }

        boolean isCrowded() {
            return held.get() >= placesMax - taken.get();
        }

        Load load() {
            return new Load(held.get(), isCrowded());
        }
    }
}
