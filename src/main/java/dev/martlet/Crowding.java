package dev.martlet;

/// How full a listener is.
///
/// @param connections    clients connected
/// @param connectionsMax how many may be
/// @param turnedAway     clients that came above that number, so far
/// @param inFlight       calls that run
/// @param inFlightMax    how many may
public record Crowding(int connections, int connectionsMax, long turnedAway, int inFlight, int inFlightMax) {}
