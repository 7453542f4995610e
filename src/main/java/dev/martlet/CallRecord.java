package dev.martlet;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// One call as it went: what the log line, the counters and the list of recent calls are made of. Holds no secret.
///
/// @param path            without the query
/// @param status          what the client got; 499 when it left before an answer
/// @param trail           the attempts, in order
/// @param refused         why the client was told no, when it was a refusal of ours
/// @param halted          why a failed attempt was not followed by another
/// @param bytesIn         bytes of the request's body that we read
/// @param bytesOut        bytes of the answer's body that we wrote
/// @param firstByteMillis from the request's head to the first byte of the answer, when there was one
/// @param use             of a model, when the call asked one
/// @param way             through the gateway, when there is more than one
public record CallRecord(
        String id,
        Surface surface,
        String method,
        String path,
        String peer,
        int status,
        List<Tried> trail,
        Optional<Refusal> refused,
        Optional<Halt> halted,
        long bytesIn,
        long bytesOut,
        OptionalLong firstByteMillis,
        long millis,
        Ending ending,
        Optional<Use> use,
        Optional<Way> way) {
    /// What a model was asked and gave.
    ///
    /// @param model as the caller wrote it
    /// @param usage empty when the provider did not say
    public record Use(Operation.Kind operation, String model, Optional<Usage> usage) {}

    /// By which lane a call went.
    ///
    /// @param taken the last one that it was in; another than the chosen one when that could not do it
    public record Way(LaneChoice chosen, Lane taken) {
        /// Whether it went on in another lane than the one that was chosen.
        public boolean fellBack() {
            return taken != chosen.lane();
        }
    }

    public CallRecord {
        trail = List.copyOf(trail);
    }

    /// Whether it went wrong for a reason that is not the client's: a 5xx, or an answer that was cut.
    public boolean failed() {
        return switch (ending) {
            case COMPLETE, REFUSED, QUEUE_FULL -> status >= 500;
            case NO_UPSTREAM, UPSTREAM_CUT, UPSTREAM_IDLE, TIME_LIMIT, SIZE_LIMIT, KILLED, BUG -> true;
            case BODY_TIMEOUT, BODY_CUT -> false;
            case CLIENT_LEFT_QUEUED, CLIENT_LEFT_WAITING, CLIENT_LEFT, CLIENT_STALLED -> false;
        };
    }
}
