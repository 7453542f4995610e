package dev.martlet.relay;

import dev.martlet.Refusal;
import dev.martlet.Refused;
import dev.martlet.wire.ByteBudget;
import dev.martlet.wire.JsonTree;

/// The memory for one answer that has to be here as a whole before the client gets anything of it.
///
/// @param memory of the answer alone
/// @param budget from which it comes
record Hold(ByteBudget.Lease memory, ByteBudget budget, Intake.Bound bound) implements AutoCloseable {
    static Hold of(ByteBudget budget, Intake.Bound bound) {
        return new Hold(budget.lease(), budget, bound);
    }

    /// Takes memory for an answer in JSON and for what is made of it.
    ///
    /// @throws Refused if it is larger than an answer may be, or than there is room for
    void take(byte[] json) {
        if (json.length > bound.bytesMax() || !memory.grow(json.length + JsonTree.heldBytes(json))) {
            throw tooMuch(json.length);
        }
    }

    /// Of an answer that is longer than this there is too much, by one measure or the other.
    Refused tooMuch(long bytes) {
        boolean beyond = bytes > bound.bytesMax();
        return new Refused(
                beyond ? new Refusal.AnswerBeyondBound(bound.bytesMax(), bound.key()) : new Refusal.Overloaded());
    }

    @Override
    public void close() {
        memory.close();
    }
}
