package dev.martlet.upstream;

import dev.martlet.Target;
import dev.martlet.Trust;

import java.net.URI;
import java.util.Optional;

/// What two targets must share to share a connection.
record Origin(boolean tls, String host, int port, Trust trust, Optional<URI> proxy) {
    static Origin of(Target target) {
        return new Origin(target.tls(), target.host(), target.port(), target.trust(), target.proxy());
    }
}
