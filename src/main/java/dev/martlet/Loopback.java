package dev.martlet;

import java.net.InetAddress;
import java.util.List;
import java.util.regex.Pattern;

/// Whether a request was made on this very machine, by a program that talks to us directly. A peer on the loopback
/// interface alone proves neither: it may be a proxy that speaks for the whole world, or a browser sent here by a page
/// whose name was made to resolve to this machine (DNS rebinding).
public final class Loopback {
    private static final List<String> PROXY_FIELDS = List.of("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via");
    private static final String HOST = "(?:localhost|127(?:\\.[0-9]{1,3}){3}|\\[::1\\])(?::[0-9]{1,5})?";
    private static final Pattern HERE = Pattern.compile(HOST, Pattern.CASE_INSENSITIVE);
    private static final Pattern ORIGIN_HERE = Pattern.compile("https?://" + HOST, Pattern.CASE_INSENSITIVE);

    private Loopback() {}

    /// The rule: the socket's peer is loopback, no proxy has left a trace, `Host` names this machine, and so does
    /// `Origin` when there is one.
    ///
    /// @param socket the socket's own peer, not what a proxy says about it
    public static boolean is(InetAddress socket, Fields fields) {
        if (!socket.isLoopbackAddress()) return false;
        for (String trace : PROXY_FIELDS) {
            if (fields.has(trace)) return false;
        }
        List<String> hosts = fields.all("Host");
        if (hosts.size() != 1 || !HERE.matcher(hosts.getFirst()).matches()) return false;
        for (String origin : fields.all("Origin")) {
            if (!ORIGIN_HERE.matcher(origin).matches()) return false;
        }
        return true;
    }
}
