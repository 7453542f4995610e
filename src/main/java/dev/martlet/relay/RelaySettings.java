package dev.martlet.relay;

import java.nio.file.Path;

/// How much of what is asked may be kept until it is sent, and where.
///
/// @param requestBodyBytes the largest body of JSON: `server.limits.request-body`
/// @param spoolDirectory   for forms whose model comes late
/// @param spoolBytes       of all such forms at a time
public record RelaySettings(long requestBodyBytes, Path spoolDirectory, long spoolBytes) {}
