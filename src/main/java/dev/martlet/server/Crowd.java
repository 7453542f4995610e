package dev.martlet.server;

import dev.martlet.Deadline;
import dev.martlet.Routine;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/// Everybody who is connected. Keeps them to a number, and looks after their times: one thread looks at all of them twice
/// a second and cuts those that take too long, so that no connection needs a timer of its own.
final class Crowd implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("martlet.crowd");
    private static final Duration LOOK = Duration.ofMillis(500);

    /// Who has been idle for less has just come, or is about to ask again.
    private static final long IDLE_NANOS_MIN = Duration.ofSeconds(1).toNanos();

    /// Idle connections compared before one of them has to go.
    private static final int SAMPLE = 64;

    private final int connectionsMax;
    private final Runnable alsoLookAt;
    private final Set<Guard> guards = ConcurrentHashMap.newKeySet();
    private final AtomicLong turnedAway = new AtomicLong();
    private final AtomicBoolean cutSome = new AtomicBoolean();
    private volatile Optional<Deadline> end = Optional.empty();
    private volatile Duration lastRequest = Duration.ZERO;
    private final Routine looks;

    /// @param alsoLookAt runs with each look
    Crowd(int connectionsMax, Runnable alsoLookAt) {
        this.connectionsMax = connectionsMax;
        this.alsoLookAt = alsoLookAt;
        this.looks = new Routine("crowd", LOOK, this::look);
    }

    /// Counts a connection in. When it is one too many, the one that has been idle the longest goes for it; with nobody
    /// idle it stays outside the number, and false says so.
    boolean enter(Guard guard) {
        guards.add(guard);
        if (guards.size() <= connectionsMax) return true;
        Optional<Guard> idlest =
                guards.stream()
                        .filter(other -> !other.equals(guard) && other.idleNanos() > IDLE_NANOS_MIN)
                        .limit(SAMPLE)
                        .max(Comparator.comparingLong(Guard::idleNanos));
        idlest.ifPresent(Guard::cutIfIdle);
        if (idlest.isEmpty()) turnedAway.incrementAndGet();
        return idlest.isPresent();
    }

    void leave(Guard guard) {
        guards.remove(guard);
    }

    int size() {
        return guards.size();
    }

    int sizeMax() {
        return connectionsMax;
    }

    /// Connections that came above the number.
    long turnedAway() {
        return turnedAway.get();
    }

    /// Whether nobody should ask for more.
    boolean ending() {
        return end.isPresent();
    }

    /// How long somebody may still ask once more who was told that he may, before it was known that this ends.
    Duration lastRequest() {
        return lastRequest;
    }

    /// Those who are idle go within the shorter time, unless they ask once more; the others when their call is over; and
    /// whoever is left after the longer time is cut.
    void endIn(Duration idle, Duration time) {
        lastRequest = idle;
        Deadline wanted = Deadline.in(time);
        end = Optional.of(end.map(wanted::orSooner).orElse(wanted));
        guards.forEach(guard -> guard.dismissIfIdle(idle));
        if (idle.isZero()) Thread.startVirtualThread(this::cutWhoStays);
    }

    /// The next look could be half a second away, and until then a service that restarts would not.
    private void cutWhoStays() {
        try {
            Thread.sleep(Guard.FAREWELL);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        guards.forEach(Guard::cutWhenDue);
    }

    /// Whether somebody was cut because the time was over.
    boolean cutSome() {
        return cutSome.get();
    }

    @Override
    public void close() {
        looks.close();
    }

    /// What goes wrong with one connection keeps nobody from looking at the others.
    private void look(Guard guard, boolean over) {
        try {
            if (over && guard.isServing()) cutSome.set(true);
            if (over) guard.end();
            else guard.cutWhenDue();
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "a connection could not be looked at", e);
        }
    }

    private void look() {
        boolean over = end.filter(Deadline::passed).isPresent();
        for (Guard guard : guards) look(guard, over);
        alsoLookAt.run();
    }
}
