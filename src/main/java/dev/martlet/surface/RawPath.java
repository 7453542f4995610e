package dev.martlet.surface;

import dev.martlet.Refusal;
import dev.martlet.Refused;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/// What a path that is forwarded octet for octet must not hold: nothing that one server takes for a way up and another for
/// a name. Looked at as it stands and decoded twice.
final class RawPath {
    /// A dot that is still escaped after one decoding, also beside escapes that are broken by now.
    private static final Pattern DOT = Pattern.compile("%2[eE]");

    private RawPath() {}

    /// @throws Refused if the path could leave the place that the operator configured
    static void check(String path) {
        checkSegments(path);
        String once = decoded(path).orElseThrow(() -> refused("it has a broken percent escape"));
        checkSegments(once);
        decoded(once).ifPresent(RawPath::checkSegments); // what is no escape any more is a name
        checkSegments(DOT.matcher(once).replaceAll("."));
    }

    private static void checkSegments(String path) {
        if (path.indexOf('\\') >= 0 || path.indexOf('\0') >= 0) throw refused("it has a backslash or a NUL");
        for (String segment : path.split("[/;]", -1)) {
            if (segment.equals(".") || segment.equals("..")) throw refused("it has a segment of dots");
        }
    }

    private static Optional<String> decoded(String path) {
        try {
            return Optional.of(URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.ISO_8859_1));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Refused refused(String why) {
        return new Refused(new Refusal.BadPath(why));
    }
}
