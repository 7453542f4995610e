package dev.martlet.dialect;

import dev.martlet.wire.Json.Value;

import java.util.BitSet;
import java.util.Optional;
import java.util.OptionalLong;

/// Which of the answers that one stream tells have begun, and which have come to their end.
final class Ends {
    /// More than anybody tells at once; those beyond count as one.
    private static final int ANSWERS_MAX = 1024;

    private final BitSet begun = new BitSet();
    private final BitSet ended = new BitSet();

    /// Notes that there is something of an answer.
    ///
    /// @param index as it stands there; the first is meant where it says nothing
    void note(Optional<Value> index, boolean end) {
        long count = index.map(Value::count).orElse(OptionalLong.empty()).orElse(0);
        int bit = (int) Math.min(count, ANSWERS_MAX);
        begun.set(bit);
        if (end) ended.set(bit);
    }

    /// Whether one has begun.
    boolean any() {
        return !begun.isEmpty();
    }

    /// Whether all that have begun have ended.
    boolean all() {
        return begun.equals(ended);
    }
}
