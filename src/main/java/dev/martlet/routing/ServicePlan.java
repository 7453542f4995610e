package dev.martlet.routing;

import dev.martlet.Halt;
import dev.martlet.Lane;
import dev.martlet.Lanes;
import dev.martlet.LeftOut;
import dev.martlet.NamedService;
import dev.martlet.Signal;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The walk of a call over the one service that it names: again and again in the edge lane, after waits that grow, for as
/// long as the lane has time; from the background lane, where there is one try, perhaps on to the edge lane.
final class ServicePlan extends Plan {
    private static final long PAUSE_MILLIS = 100;
    private static final long PAUSE_MILLIS_MAX = 5_000;
    private static final double JITTER = 0.15;

    /// Whoever asks for a longer wait than this is not asked again.
    private static final Duration WAIT_MAX = Duration.ofSeconds(5);

    private final Router router;
    private final NamedService service;
    private final Lanes lanes;
    private Lane lane;
    private long until;
    private int triesInLane;
    private int repeats;
    private boolean tried;
    private Optional<LeftOut> leftOut = Optional.empty();
    private Duration pause = Duration.ZERO;

    ServicePlan(Router router, NamedService service, Lane lane, Lanes lanes, Retries retries) {
        super(retries);
        this.router = router;
        this.service = service;
        this.lanes = lanes;
        this.lane = lane;
    }

    /// Empty when there is no place: nothing was tried then.
    @Override
    public Optional<Lease> next() {
        if (triesInLane == 0) until = router.nanoTime() + lanes.time(service, lane).toNanos();
        Optional<Lease> lease = lease();
        if (lease.isEmpty() && mayLeaveLane()) {
            leaveLane();
            return next();
        }
        triesInLane++;
        tried |= lease.isPresent();
        return lease;
    }

    private Optional<Lease> lease() {
        Bulkhead.Compartment places = router.laneOf(lane);
        if (!places.enter(lanes.places(lane))) {
            leftOut = Optional.of(new LeftOut(lane.word(), "full"));
            return Optional.empty();
        }
        Known known = router.known(service.service().target());
        if (tried) known.compartment().enter();
        else if (!known.compartment().enterIfFair()) {
            places.leave();
            leftOut = Optional.of(new LeftOut(service.name(), "crowded"));
            return Optional.empty();
        }
        Attempt.InLane attempt =
                new Attempt.InLane(service, lane, service.service().target().within(leftInLane(), true));
        return Optional.of(new LaneLease(attempt, known, places));
    }

    @Override
    public Verdict judge(Lease lease, Signal signal, Again again) {
        retries.answered();
        boolean more = triesInLane < lanes.tries(service, lane);
        if (RawRuling.isFinal(signal) || !(more || mayLeaveLane())) return RawRuling.last(signal);
        if (!RawRuling.mayFollow(signal, again)) return halted(Halt.NOT_REPLAYABLE, signal);
        if (more && !waits(signal)) return RawRuling.last(signal);
        if (!retries.grant(router.isFailing(service.service()))) return halted(Halt.RETRY_BUDGET, signal);
        if (!more) leaveLane();
        return Verdict.NEXT;
    }

    private Verdict halted(Halt why, Signal signal) {
        halt(why);
        return RawRuling.last(signal);
    }

    private boolean mayLeaveLane() {
        return lane == Lane.BACKGROUND && lanes.fallback(service);
    }

    private void leaveLane() {
        pause = Duration.ZERO;
        lane = Lane.EDGE;
        triesInLane = 0;
    }

    private Duration leftInLane() {
        return Duration.ofNanos(until - router.nanoTime());
    }

    /// Whether there is time for another try in this lane, and how long to wait for it.
    private boolean waits(Signal signal) {
        Duration asked = asked(signal);
        pause = longer(asked, ownPause());
        return asked.compareTo(WAIT_MAX) <= 0 && pause.compareTo(leftInLane()) < 0;
    }

    private static Duration asked(Signal signal) {
        return signal instanceof Signal.Failed(_, Optional<Duration> pause)
                ? pause.orElse(Duration.ZERO)
                : Duration.ZERO;
    }

    /// 100 ms, twice as much each time, up to 5 s, give or take 15 %.
    private Duration ownPause() {
        long millis = Math.min(PAUSE_MILLIS_MAX, PAUSE_MILLIS << Math.min(repeats++, 16));
        return Duration.ofMillis(Math.max(PAUSE_MILLIS, Math.round(millis * router.around(JITTER))));
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    @Override
    public Duration pause() {
        return pause;
    }

    /// A lane without a place, or the service when it holds so many that the rest is for others.
    @Override
    public List<LeftOut> leftOut() {
        return leftOut.stream().toList();
    }

    /// It is never shut out.
    @Override
    public Optional<Duration> reopens() {
        return Optional.empty();
    }
}
