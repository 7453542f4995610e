package dev.martlet;

import java.time.Duration;

/// How long each part of an exchange may take.
///
/// @param connect   name lookup, TCP connect, proxy and TLS handshake together
/// @param firstByte from the request's last byte to the end of the answer's head
/// @param idle      between two reads of the answer's body, and for a write that does not move
/// @param total     the whole answer, once it flows
/// @param exchange  all of this together
public record Timeouts(Duration connect, Duration firstByte, Duration idle, Duration total, Duration exchange) {
    private static final Duration AS_LONG_AS_IT_TAKES = Duration.ofDays(365);

    /// An exchange that takes as long as its parts.
    public Timeouts(Duration connect, Duration firstByte, Duration idle, Duration total) {
        this(connect, firstByte, idle, total, AS_LONG_AS_IT_TAKES);
    }
}
