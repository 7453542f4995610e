package dev.martlet.routing;

import dev.martlet.Asked;
import dev.martlet.Halt;
import dev.martlet.LeftOut;
import dev.martlet.RoutingPolicy;
import dev.martlet.Signal;
import dev.martlet.routing.Ruling.Blame;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The walk of one call over channels and their keys. A key's fault leads to the next key of the same channel, a channel's to
/// the next channel; after an answered 5xx first once to the next key.
final class ChannelPlan extends Plan {
    /// Attempts of one call, however many keys refuse it.
    static final int ATTEMPTS_MAX = 64;

    private final Walk walk;
    private final Asked asked;
    private final RoutingPolicy policy;
    private final List<Signal> heard = new ArrayList<>(2);
    private Optional<Visit> visit = Optional.empty();
    private Optional<Candidate> coming = Optional.empty();
    private int attempts;
    private int channelsFailed;
    private boolean over;

    /// The attempts in a row on one channel.
    private static final class Visit {
        private final Route route;
        private boolean stays;
        private boolean atFault;
        private boolean answered5xx;
        private boolean callersKeyRefused;
        private boolean keyAtFault;

        Visit(Route route) {
            this.route = route;
        }
    }

    ChannelPlan(Walk walk, Asked asked, RoutingPolicy policy, Retries retries) {
        super(retries);
        this.walk = walk;
        this.asked = asked;
        this.policy = policy;
    }

    /// What was found when the last attempt was judged, or another, when its places have been taken since: nobody waits for
    /// them. The last one that remains is not shut out when nothing was tried.
    @Override
    public Optional<Lease> next() {
        while (!over) {
            Optional<Candidate> candidate = coming.or(() -> attempts == 0 ? walk.next(false) : granted());
            coming = Optional.empty();
            boolean onlyOne = candidate.isEmpty() && attempts == 0;
            if (onlyOne) candidate = walk.last().filter(this::isAllowed);
            Optional<Lease> lease = candidate.flatMap(one -> one.lease(asked, policy, onlyOne));
            candidate.ifPresent(walk::use);
            if (lease.isPresent()) begin(candidate.get().route());
            if (lease.isPresent() || candidate.isEmpty() || onlyOne) return lease;
        }
        return Optional.empty();
    }

    /// Beside a probe from which nothing has come yet, the budget for those who bother failing channels lets some in, too:
    /// the others fail at once, and do not pile up on what may hang.
    private boolean isAllowed(Candidate last) {
        boolean allowed = !last.isProbed() || retries.grant(true);
        if (!allowed) halt(Halt.RETRY_BUDGET);
        return allowed;
    }

    private void begin(Route route) {
        attempts++;
        if (visit.isEmpty() || !visit.get().route.isSameAs(route)) visit = Optional.of(new Visit(route));
    }

    @Override
    public Verdict judge(Lease lease, Signal signal, Again again) {
        retries.answered();
        heard.add(signal);
        Ruling ruling = Ruling.of(signal);
        if (ruling.blame() == Blame.NOBODY) return end(Verdict.DELIVER);
        if (isOfModel(signal) && lease instanceof ChannelLease here) walk.blameModel(here.candidate());
        learn(visit.orElseThrow(), signal, ruling.blame());
        if (mayFollow(signal, ruling.repeat(), again)) coming = granted();
        if (coming.isPresent()) return Verdict.NEXT;
        return end(visit.orElseThrow().callersKeyRefused ? Verdict.DELIVER : Verdict.GIVE_UP);
    }

    private Verdict end(Verdict verdict) {
        over = true;
        return verdict;
    }

    /// Where the next attempt is to be looked for.
    private void learn(Visit here, Signal signal, Blame blame) {
        here.keyAtFault = blame == Blame.KEY;
        here.callersKeyRefused = here.route.channel().takesCallersKeys() && isRefusalOfKey(signal);
        boolean first5xx = signal instanceof Signal.Failed && !here.answered5xx;
        here.answered5xx |= signal instanceof Signal.Failed;
        here.stays = here.keyAtFault || first5xx;
        if (here.keyAtFault || isUnsent(signal)) return;
        if (!here.atFault) channelsFailed++;
        here.atFault = true;
    }

    /// Whether it was not even tried there.
    private static boolean isUnsent(Signal signal) {
        return signal instanceof Signal.Busy || signal instanceof Signal.Unfit;
    }

    private static boolean isRefusalOfKey(Signal signal) {
        return signal instanceof Signal.KeyRefused || signal instanceof Signal.KeyForbidden;
    }

    /// Whether another model may be asked for in the same place.
    private static boolean isOfModel(Signal signal) {
        return signal instanceof Signal.ModelUnknown || signal instanceof Signal.KeyForbidden;
    }

    private boolean mayFollow(Signal signal, Repeat repeat, Again again) {
        return switch (repeat) {
            case NEVER -> false;
            case ALWAYS -> again != Again.NEVER || haltForReplay();
            case IF_REPLAYABLE -> again == Again.FREELY || haltForReplay();
            case IF_REPLAYABLE_ONCE -> !isSecond(signal) && (again == Again.FREELY || haltForReplay());
        };
    }

    private boolean haltForReplay() {
        if (found(false).isPresent()) halt(Halt.NOT_REPLAYABLE);
        return false;
    }

    private boolean isSecond(Signal signal) {
        return heard.stream().filter(one -> one.getClass() == signal.getClass()).count() > 1;
    }

    /// The next candidate, if the budget for retries lets the call go there; else one that needs none.
    private Optional<Candidate> granted() {
        Optional<Candidate> any = found(false);
        if (any.isEmpty() || retries.grant(any.get().route().isFailing())) return any;
        Optional<Candidate> healthy = found(true);
        if (healthy.isEmpty()) halt(Halt.RETRY_BUDGET);
        else retries.grant(false);
        return healthy;
    }

    private Optional<Candidate> found(boolean healthy) {
        if (attempts >= ATTEMPTS_MAX) return Optional.empty();
        Visit here = visit.orElseThrow();
        Optional<Candidate> same = here.stays ? walk.nextKey(here.route, healthy) : Optional.empty();
        if (same.isPresent() || here.callersKeyRefused || channelsFailed >= policy.attempts()) return same;
        if (!healthy || !here.stays) walk.leave(here.route);
        return walk.nextAfterFailure(healthy);
    }

    /// After a key's fault nothing is to be waited for: the next key knows nothing of it.
    @Override
    public Duration pause() {
        return visit.isPresent() && visit.get().keyAtFault ? Duration.ZERO : super.pause();
    }

    @Override
    public List<LeftOut> leftOut() {
        return walk.leftOut();
    }

    /// When all were busy, in a second.
    @Override
    public Optional<Duration> reopens() {
        return walk.reopens();
    }

    @Override
    public boolean throttled() {
        if (attempts == 0) return walk.isBusy();
        return heard.size() == attempts && heard.stream().allMatch(Signal.Throttled.class::isInstance);
    }

    @Override
    public boolean modelUnknown() {
        return !heard.isEmpty() && heard.stream().allMatch(Signal.ModelUnknown.class::isInstance);
    }
}
