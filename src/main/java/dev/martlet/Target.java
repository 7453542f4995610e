package dev.martlet;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/// Where an attempt goes: an origin, the path that all its requests begin with, how to reach it, and how long to wait.
///
/// @param tls      whether the connection is encrypted
/// @param host     a name or an address literal (IPv6 without brackets)
/// @param basePath the path before the request's own, without a trailing slash; empty for none
/// @param trust    what the certificate of the target is checked against
/// @param proxy    an HTTP proxy to reach it through, by CONNECT
/// @param timeouts how long each part of an exchange may take
public record Target(
        boolean tls, String host, int port, String basePath, Trust trust, Optional<URI> proxy, Timeouts timeouts) {

    private static final Duration MOMENT = Duration.ofMillis(1);

    /// The value of `Host` (RFC 9110, section 7.2): the port is left out when it is the scheme's own.
    public String authority() {
        String name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return port == (tls ? 443 : 80) ? name : name + ":" + port;
    }

    /// Scheme and authority, as `Origin` has it (RFC 6454, section 6.2).
    public String origin() {
        return (tls ? "https://" : "http://") + authority();
    }

    /// The same with less time: until an answer begins, and for the whole exchange unless the answer is a stream.
    ///
    /// @param left never less than a moment: what is over then fails as any silence does
    public Target within(Duration left, boolean stream) {
        Duration time = left.compareTo(MOMENT) < 0 ? MOMENT : left;
        Duration connect = shorter(timeouts.connect(), time);
        Duration firstByte = shorter(timeouts.firstByte(), time);
        Duration exchange = stream ? timeouts.exchange() : shorter(timeouts.exchange(), time);
        Timeouts sooner = new Timeouts(connect, firstByte, timeouts.idle(), timeouts.total(), exchange);
        return new Target(tls, host, port, basePath, trust, proxy, sooner);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }

    /// Without address and path: an upstream's address is not for logs or clients.
    @Override
    public String toString() {
        return "Target";
    }
}
