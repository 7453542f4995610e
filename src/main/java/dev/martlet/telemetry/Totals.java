package dev.martlet.telemetry;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// What has been counted since the start.
///
/// @param calls           calls that have ended
/// @param failed          those that went wrong for a reason that is not the client's
/// @param millis          how long they took, together
/// @param answered        those on which an upstream's answer was passed on
/// @param firstByteMillis how long it took these to the first byte of the answer, together
/// @param pool            what became of the attempts on each service of the pool, by its name
public record Totals(
        long calls, long failed, long millis, long answered, long firstByteMillis, Map<String, Attempts> pool) {
    public Totals {
        pool = Map.copyOf(pool);
    }

    /// What became of the attempts on one target.
    public record Attempts(
            long good, long failed, Optional<Instant> last, Optional<Instant> lastGood, Optional<Instant> lastFailed) {
        static final Attempts NONE = new Attempts(0, 0, Optional.empty(), Optional.empty(), Optional.empty());

        Attempts and(boolean success, Instant when) {
            return success
                    ? new Attempts(good + 1, failed, Optional.of(when), Optional.of(when), lastFailed)
                    : new Attempts(good, failed + 1, Optional.of(when), lastGood, Optional.of(when));
        }
    }

    /// What became of the attempts on a service of the pool.
    public Attempts of(String service) {
        return pool.getOrDefault(service, Attempts.NONE);
    }

    /// The mean time of a call; 0 without one.
    public double meanMillis() {
        return calls == 0 ? 0 : (double) millis / calls;
    }

    /// The mean time to the first byte; 0 without an answer.
    public double meanFirstByteMillis() {
        return answered == 0 ? 0 : (double) firstByteMillis / answered;
    }
}
