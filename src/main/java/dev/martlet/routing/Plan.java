package dev.martlet.routing;

import dev.martlet.Signal;

import java.util.Iterator;
import java.util.List;

/// The attempts for one call, in order, and what was left out because its breaker is open.
public final class Plan implements Iterable<Attempt> {
    private final List<Attempt> attempts;
    private final List<String> leftOut;

    Plan(List<Attempt> attempts, List<String> leftOut) {
        this.attempts = List.copyOf(attempts);
        this.leftOut = List.copyOf(leftOut);
    }

    /// Names of the targets that were not considered.
    public List<String> leftOut() {
        return leftOut;
    }

    /// How many attempts there are.
    public int size() {
        return attempts.size();
    }

    /// Whether no other attempt follows this one.
    public boolean isLast(Attempt attempt) {
        return attempts.indexOf(attempt) == attempts.size() - 1;
    }

    /// What follows from a signal of a raw call (`product.md`, section 4): the next target when nothing was sent, when
    /// there is no answer, and on a 5xx; the last one's own answer is delivered whatever its status.
    ///
    /// @param replayable whether the body can be sent again
    public Verdict judge(Attempt attempt, Signal signal, boolean replayable) {
        boolean more = !isLast(attempt);
        return switch (signal) {
            case Signal.Good _, Signal.Refused _ -> Verdict.DELIVER;
            case Signal.Failed _ -> more && replayable ? Verdict.NEXT : Verdict.DELIVER;
            case Signal.Unreachable _ -> more ? Verdict.NEXT : Verdict.GIVE_UP;
            case Signal.Broken _ -> more && replayable ? Verdict.NEXT : Verdict.GIVE_UP;
        };
    }

    @Override
    public Iterator<Attempt> iterator() {
        return attempts.iterator();
    }
}
