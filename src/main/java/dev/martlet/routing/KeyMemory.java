package dev.martlet.routing;

import dev.martlet.Condition;
import dev.martlet.KeyCondition.State;
import dev.martlet.RoutingPolicy;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/// What is remembered of one key of one channel: its breaker, whether it cools, rests or is dead, and what is under way.
final class KeyMemory {
    private static final Duration COOLING = Duration.ofSeconds(30);
    private static final Duration COOLING_MIN = Duration.ofSeconds(1);
    private static final Duration COOLING_MAX = Duration.ofMinutes(5);
    private static final Duration RESTING = Duration.ofMinutes(10);
    private static final Duration RESTING_MAX = Duration.ofHours(24);

    /// What a provider states may be months; a mistake of its clock must not be years.
    private static final Duration STATED_MAX = Duration.ofDays(31);

    private final LongSupplier nanoTime;
    private final Breaker breaker;
    private final Rests models;
    private final History history;
    private final AtomicInteger inFlight = new AtomicInteger();
    private volatile State pause = State.AVAILABLE; // or COOLING, RESTING, DEAD
    private long pausedUntil;
    private Duration nextRest = RESTING;

    KeyMemory(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.breaker = new Breaker(nanoTime);
        this.models = new Rests(nanoTime);
        this.history = new History(nanoTime);
    }

    History history() {
        return history;
    }

    int inFlight() {
        return inFlight.get();
    }

    /// Whether its breaker keeps nobody out, and waits for no probe.
    boolean isClosed() {
        return !breaker.isOpen();
    }

    /// Why it is not to be used for a model now.
    ///
    /// @param model as it is called upstream
    Optional<Shut> shut(String model) {
        Optional<Shut> shut = shut();
        if (shut.isPresent()) return shut;
        long left = models.leftNanos(model);
        return left == 0 ? Optional.empty() : Optional.of(Shut.until(State.RESTING, "not for this model", left));
    }

    /// Why it is not to be used for any model now.
    Optional<Shut> shut() {
        if (pause != State.AVAILABLE) {
            Optional<Shut> paused = paused();
            if (paused.isPresent()) return paused;
        }
        return breaker.admits() ? Optional.empty() : Optional.of(broken());
    }

    private Shut broken() {
        if (breaker.isAnswering()) return new Shut(State.HALF_OPEN, "probe answering", Optional.of(Duration.ZERO));
        Optional<Duration> left = breaker.untilProbe();
        return left.isPresent()
                ? new Shut(State.CIRCUIT_BROKEN, "breaker open", left)
                : new Shut(State.HALF_OPEN, "probe under way", left);
    }

    private synchronized Optional<Shut> paused() {
        if (pause == State.DEAD) return Optional.of(new Shut(State.DEAD, "dead", Optional.empty()));
        long left = leftNanos();
        if (left <= 0) {
            pause = State.AVAILABLE;
            return Optional.empty();
        }
        return Optional.of(Shut.until(pause, pause.word(), left));
    }

    /// The state for those who look on: half open, too, when its time is over and nobody has tried it yet.
    State state() {
        Optional<Shut> shut = shut();
        if (shut.isPresent()) return shut.get().state();
        return breaker.state() == Condition.State.CLOSED ? State.AVAILABLE : State.HALF_OPEN;
    }

    /// Takes a place for an attempt; empty when its breaker has opened, or another call is the probe.
    ///
    /// @param onlyOne whether nothing else remains: such an attempt is let in though the breaker is open
    Optional<Entry> enter(boolean onlyOne) {
        Optional<Boolean> probe = breaker.enter(onlyOne);
        if (probe.isEmpty()) return Optional.empty();
        inFlight.incrementAndGet();
        history.began();
        return Optional.of(new Entry(probe.get(), pause == State.DEAD));
    }

    /// How an attempt was let in.
    ///
    /// @param whileDead whether the key was dead already
    record Entry(boolean probe, boolean whileDead) {}

    /// An attempt with it gets an answer, however that will end.
    void answered(Entry entry) {
        if (entry.probe()) breaker.probeAnswered();
    }

    void leave(Entry entry) {
        inFlight.decrementAndGet();
        if (entry.probe()) breaker.freeProbe();
    }

    /// An attempt with it was answered. Only one that was begun while it was dead brings it back to life: an older one knew
    /// it before.
    synchronized void succeeded(Entry entry) {
        history.succeeded(breaker.state() != Condition.State.CLOSED);
        breaker.succeeded();
        if (leftNanos() <= 0) nextRest = RESTING;
        if (entry.whileDead() && pause == State.DEAD) revive();
    }

    /// An attempt with it failed, and the channel is to blame.
    void failed(RoutingPolicy policy, Entry entry) {
        history.failed(breaker.failed(policy, entry.probe()));
    }

    /// An attempt with it failed, and the breaker learns nothing.
    void passed() {
        history.failed(false);
    }

    /// It has had enough for now: for as long as was stated, within reason.
    synchronized void cool(Optional<Duration> stated) {
        history.failed(true);
        Duration time = stated.orElse(COOLING);
        if (time.compareTo(COOLING_MIN) < 0) time = COOLING_MIN;
        pauseFor(State.COOLING, time.compareTo(COOLING_MAX) > 0 ? COOLING_MAX : time);
    }

    /// Its quota or money is used up: until the time that was stated, else for ten minutes, doubling up to a day. Attempts
    /// that were under way together say it together: that is once.
    synchronized void rest(Optional<Duration> stated) {
        history.failed(true);
        if (stated.isPresent()) {
            Duration time = stated.get().compareTo(COOLING_MIN) < 0 ? COOLING_MIN : stated.get();
            pauseFor(State.RESTING, time.compareTo(STATED_MAX) > 0 ? STATED_MAX : time);
            return;
        }
        if (pause == State.RESTING && leftNanos() > 0) return;
        pauseFor(State.RESTING, nextRest);
        Duration doubled = nextRest.multipliedBy(2);
        nextRest = doubled.compareTo(RESTING_MAX) > 0 ? RESTING_MAX : doubled;
    }

    private void pauseFor(State state, Duration time) {
        if (pause == State.DEAD || leftNanos() >= time.toNanos()) return;
        pause = state;
        pausedUntil = nanoTime.getAsLong() + time.toNanos();
    }

    private long leftNanos() {
        boolean timed = pause == State.COOLING || pause == State.RESTING;
        return timed ? pausedUntil - nanoTime.getAsLong() : 0;
    }

    /// The provider does not know it; true when that is news.
    synchronized boolean die() {
        boolean news = pause != State.DEAD;
        history.failed(news);
        pause = State.DEAD;
        return news;
    }

    /// The provider does not let it use a model.
    void restModel(String model) {
        history.failed(false);
        models.add(model);
    }

    /// Forgets all that is held against it.
    synchronized void reset() {
        revive();
        nextRest = RESTING;
        models.clear();
        breaker.succeeded();
    }

    private void revive() {
        pause = State.AVAILABLE;
        history.changed();
    }
}
