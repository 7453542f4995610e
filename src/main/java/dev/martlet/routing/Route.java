package dev.martlet.routing;

import dev.martlet.Channel;
import dev.martlet.KeyCondition.State;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;

/// A way to a model: a channel, what is remembered of it, and the keys for it.
///
/// @param model as it is called there
record Route(Channel channel, ChannelMemory memory, Ring ring, String model) {
    /// Whether it is the same channel for the same model.
    boolean isSameAs(Route other) {
        return memory == other.memory() && model.equals(other.model());
    }

    /// Whether as many attempts are under way there as its operator allows.
    boolean isBusy() {
        return channel.concurrency() > 0 && memory.compartment().held() >= channel.concurrency();
    }

    boolean isCrowded() {
        return memory.compartment().isCrowded();
    }

    boolean isFailing() {
        return memory.share().isFailing();
    }

    /// Whether its provider is not known to lack the model.
    boolean hasModel() {
        return memory.models().leftNanos(model) == 0;
    }

    boolean hasKey(Predicate<Ring.Slot> free) {
        for (Ring.Slot slot : ring.all()) {
            if (free.test(slot)) return true;
        }
        return false;
    }

    /// Why no attempt can go there with any key, but for the sake of nobody else being left.
    Optional<Shut> shut() {
        if (isBusy()) return Optional.of(new Shut(State.AVAILABLE, "busy", Optional.of(Duration.ofSeconds(1))));
        long left = memory.models().leftNanos(model);
        if (left > 0) return Optional.of(Shut.until(State.RESTING, "has not this model", left));
        return isCrowded()
                ? Optional.of(new Shut(State.AVAILABLE, "crowded", Optional.of(Duration.ZERO)))
                : Optional.empty();
    }
}
