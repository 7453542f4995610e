package dev.martlet;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// One call as it went: what the log line, the counters and the list of recent calls are made of. Holds no secret.
///
/// @param path            without the query
/// @param status          what the client got; 499 when it left before an answer
/// @param trail           the attempts, in order
/// @param refused         what the client was told, when it was a refusal of ours
/// @param replayTooLarge  whether an attempt could not be followed by another because the body was too large to hold
/// @param bytesIn         bytes of the request's body that we read
/// @param bytesOut        bytes of the answer's body that we wrote
/// @param firstByteMillis from the request's head to the first byte of the answer, when there was one
public record CallRecord(
        String id,
        Surface surface,
        String method,
        String path,
        String peer,
        int status,
        List<Tried> trail,
        Optional<String> refused,
        boolean replayTooLarge,
        long bytesIn,
        long bytesOut,
        OptionalLong firstByteMillis,
        long millis,
        Ending ending) {
    public CallRecord {
        trail = List.copyOf(trail);
    }
}
