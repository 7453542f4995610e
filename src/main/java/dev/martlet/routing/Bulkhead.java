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

        /// The same up to a limit; false when that is reached.
        ///
        /// @param heldMax 0 for none
        boolean enter(int heldMax) {
            int before = held.getAndUpdate(now -> heldMax > 0 && now >= heldMax ? now : now + 1);
            if (heldMax > 0 && before >= heldMax) return false;
            taken.incrementAndGet();
            return true;
        }

        /// The same, but the last tenth of all places is left to targets that hold few; false when only that is free.
        boolean enterIfFair() {
            boolean scarce = taken.get() >= placesMax - Math.max(1, placesMax / 10);
            if (scarce && isCrowded()) return false;
            enter();
            return true;
        }

        int held() {
            return held.get();
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
