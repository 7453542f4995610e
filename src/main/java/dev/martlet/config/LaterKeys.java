package dev.martlet.config;

import java.util.Set;
import java.util.regex.Pattern;

/// Keys that Martlet will have and does not have yet; one that is read by now has left this list.
final class LaterKeys {
    private static final Set<String> PATHS = Set.of("clients.list", "admin", "store");

    private static final Pattern OF_A_CHANNEL = Pattern.compile("channels.*\\.tls\\.client-certificate");

    private LaterKeys() {}

    static boolean has(String path) {
        return PATHS.contains(path) || OF_A_CHANNEL.matcher(path).matches();
    }
}
