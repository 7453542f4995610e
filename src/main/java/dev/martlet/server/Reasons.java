package dev.martlet.server;

import io.helidon.http.Status;

/// The usual text behind a status of our own.
final class Reasons {
    private Reasons() {}

    static String of(int status) {
        return Status.create(status).reasonPhrase();
    }
}
