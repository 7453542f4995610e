package dev.martlet.routing;

import dev.martlet.Asked;
import dev.martlet.RoutingPolicy;

import java.util.Optional;

/// A channel and one of the keys for it.
record Candidate(Route route, Ring.Slot slot) {
    String name() {
        return route.channel().name() + "/" + slot.key().name();
    }

    /// Why it is passed over now: for the longer of what its channel and what its key is shut out for.
    Optional<Shut> shut() {
        Optional<Shut> ofKey = slot.memory().shut(route.model());
        Optional<Shut> ofChannel = route.shut();
        if (ofKey.isEmpty() || ofChannel.isEmpty()) return ofKey.or(() -> ofChannel);
        return ofChannel.get().outlasts(ofKey.get()) ? ofChannel : ofKey;
    }

    /// Whether a call is trying its key right now, and nothing has come of that yet.
    boolean isProbed() {
        return slot.memory().shut(route.model()).filter(Shut::isProbed).isPresent();
    }

    /// Takes the places for an attempt; empty when they have been taken meanwhile.
    ///
    /// @param onlyOne whether nothing else remains
    Optional<Lease> lease(Asked asked, RoutingPolicy policy, boolean onlyOne) {
        Bulkhead.Compartment compartment = route.memory().compartment();
        if (!compartment.enter(route.channel().concurrency())) return Optional.empty();
        Optional<KeyMemory.Entry> entry = slot.memory().enter(onlyOne);
        if (entry.isEmpty()) {
            compartment.leave();
            return Optional.empty();
        }
        return Optional.of(new ChannelLease(this, asked.spokenBy(route.channel()).orElseThrow(), policy, entry.get()));
    }
}
