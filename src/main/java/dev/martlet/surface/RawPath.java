package dev.martlet.surface;

import dev.martlet.Refusal;
import dev.martlet.Refused;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/// What a path that is forwarded octet for octet must not hold: nothing that one server takes for a way up and another for
/// a name. Looked at as it stands and decoded twice.
final class RawPath {
    private static final int DECODINGS = 2;

    private RawPath() {}

    /// @throws Refused if the path could leave the place that the operator configured
    static void check(String path) {
        String seen = path;
        for (int i = 0; i <= DECODINGS; i++) {
            if (seen.indexOf('\\') >= 0 || seen.indexOf('\0') >= 0) throw refused("it has a backslash or a NUL");
            for (String segment : seen.split("[/;]", -1)) {
                if (segment.equals(".") || segment.equals("..")) throw refused("it has a segment of dots");
            }
            seen = decoded(seen);
        }
    }

    private static String decoded(String path) {
        try {
            return URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.ISO_8859_1);
        } catch (IllegalArgumentException e) {
            throw refused("it has a broken percent escape");
        }
    }

    private static Refused refused(String why) {
        return new Refused(new Refusal.BadPath(why));
    }
}
