package dev.martlet.upstream;

import dev.martlet.wire.Http1;

import java.time.Duration;

/// Bounds of the connections to providers; fixed while Martlet runs.
///
/// @param idleTime      a connection may rest in the pool
/// @param ageMax        a connection is used at most, so that a changed address is followed
/// @param idlePerOrigin connections that rest for one origin at the most
/// @param idleTotal     connections that rest altogether at the most
/// @param addressTime   looked-up addresses are used before the name is looked up again
/// @param limits        of an answer's head and chunks
public record UpstreamSettings(
        Duration idleTime,
        Duration ageMax,
        int idlePerOrigin,
        int idleTotal,
        Duration addressTime,
        Http1.Limits limits) {

    public static UpstreamSettings standard() {
        Http1.Limits limits = new Http1.Limits(64 << 10, 128, 0, Long.MAX_VALUE);
        return new UpstreamSettings(
                Duration.ofSeconds(30), Duration.ofMinutes(5), 256, 1024, Duration.ofSeconds(30), limits);
    }

    /// The same, with other room for connections that rest.
    public UpstreamSettings resting(int otherTotal) {
        return new UpstreamSettings(idleTime, ageMax, idlePerOrigin, otherTotal, addressTime, limits);
    }
}
