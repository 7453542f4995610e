package dev.martlet.relay;

import dev.martlet.Refusal;
import dev.martlet.Refused;
import dev.martlet.wire.ByteBudget;

/// The memory for one answer that has to be here as a whole before the client gets anything of it.
///
/// @param memory of the answer alone
/// @param budget from which it comes
record Hold(ByteBudget.Lease memory, ByteBudget budget, Intake.Bound bound) implements AutoCloseable {
    static Hold of(ByteBudget budget, Intake.Bound bound) {
        return new Hold(budget.lease(), budget, bound);
    }

    /// So many bytes are held altogether.
    ///
    /// @throws Refused if that is more than an answer may have, or than there is
    void grow(long bytes) {
        if (bytes > bound.bytesMax()) throw new Refused(new Refusal.AnswerBeyondBound(bound.bytesMax(), bound.key()));
        if (!memory.grow(bytes)) throw new Refused(new Refusal.Overloaded());
    }

    @Override
    public void close() {
        memory.close();
    }
}
