package dev.martlet.config;

import java.util.Set;

/// Keys that Martlet will have and does not have yet; one that is read by now has left this list.
final class LaterKeys {
    private static final Set<String> PATHS =
            Set.of(
                    "server.expose-trail",
                    "server.limits.request-body",
                    "routing.strategy",
                    "routing.attempts",
                    "services",
                    "lanes",
                    "channels",
                    "aliases",
                    "fallbacks",
                    "clients",
                    "admin",
                    "store");

    private LaterKeys() {}

    static boolean has(String path) {
        return PATHS.contains(path);
    }
}
