package dev.martlet.routing;

import dev.martlet.Signal;

import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

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

    /// The attempts behind this one.
    Stream<Attempt> after(Attempt attempt) {
        return attempts.stream().skip(attempts.indexOf(attempt) + 1L);
    }

    /// What follows from a signal of a raw call (`product.md`, section 4): the next target when nothing was sent, when
    /// there is no answer, and on a 5xx; the last one's own answer is delivered whatever its status.
    ///
    /// @param replayable whether the body can be sent again
    public Verdict judge(Attempt attempt, Signal signal, boolean replayable) {
        if (isLast(attempt)) return judgeLast(signal);
        return switch (signal) {
            case Signal.Good _, Signal.Refused _ -> Verdict.DELIVER;
            case Signal.Unreachable _, Signal.Busy _, Signal.Throttled _, Signal.KeyRefused _, Signal.KeyForbidden _ ->
                    Verdict.NEXT;
            case Signal.ModelUnknown _, Signal.Postponed _ -> Verdict.NEXT;
            case Signal.Failed _, Signal.Broken _, Signal.Nonsense _ -> replayable ? Verdict.NEXT : judgeLast(signal);
        };
    }

    /// The same for an attempt that none may follow: the call ends with what it has.
    public static Verdict judgeLast(Signal signal) {
        return switch (signal) {
            case Signal.Good _, Signal.Refused _, Signal.Failed _ -> Verdict.DELIVER;
            case Signal.Unreachable _,
                    Signal.Broken _,
                    Signal.Throttled _,
                    Signal.KeyRefused _,
                    Signal.KeyForbidden _,
                    Signal.ModelUnknown _,
                    Signal.Postponed _,
                    Signal.Nonsense _,
                    Signal.Busy _ ->
                    Verdict.GIVE_UP;
        };
    }

    @Override
    public Iterator<Attempt> iterator() {
        return attempts.iterator();
    }
}
