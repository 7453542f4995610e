package dev.martlet.config;

import java.util.Set;

/// Keys that Martlet will have and does not have yet; one that is read by now has left this list.
final class LaterKeys {
    private static final Set<String> PATHS =
            Set.of(
                    "server.tls",
                    "server.admin-listen",
                    "server.trusted-proxies",
                    "server.expose-trail",
                    "server.per-address",
                    "server.limits.request-body",
                    "server.limits.connections",
                    "server.limits.in-flight",
                    "server.limits.buffered-bytes",
                    "server.timeouts.client-write",
                    "server.timeouts.restart-drain",
                    "server.timeouts.drain",
                    "routing.strategy",
                    "routing.attempts",
                    "routing.retry-budget",
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
