package dev.martlet.server;

import java.time.Duration;

/// Where to listen and what to accept; fixed while Martlet runs.
///
/// @param port               0 picks a free one
/// @param requestHeaderBytes the largest request head, in bytes
/// @param requestHeaders     the most header lines in it
/// @param uploadBytes        the largest request body, in bytes
/// @param headTime           for a head to arrive, from its first byte
/// @param bodyTime           for a body to arrive, from its head
/// @param idleTime           a connection may stay open between two requests
public record ServerSettings(
        String host,
        int port,
        int requestHeaderBytes,
        int requestHeaders,
        long uploadBytes,
        Duration headTime,
        Duration bodyTime,
        Duration idleTime) {

    /// The defaults of `product.md`, section 3.
    public static ServerSettings standard() {
        return new ServerSettings(
                "0.0.0.0",
                8080,
                32 << 10,
                100,
                512L << 20,
                Duration.ofSeconds(10),
                Duration.ofSeconds(60),
                Duration.ofSeconds(75));
    }

    public ServerSettings on(String otherHost, int otherPort) {
        return new ServerSettings(
                otherHost, otherPort, requestHeaderBytes, requestHeaders, uploadBytes, headTime, bodyTime, idleTime);
    }
}
