package dev.martlet.surface;

import dev.martlet.Refusal;
import dev.martlet.Refused;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a path that is forwarded octet for octet must not hold: nothing that one server takes for a way up and another for
/// a name. Looked at as it stands and decoded twice.
final class RawPath {
    private static final Pattern ESCAPE = Pattern.compile("%([0-9a-fA-F]{2})");
    private static final Pattern DOT_SEGMENT = Pattern.compile("(?:^|[/;])\\.\\.?(?:[/;]|\\z)");

    private RawPath() {}

    /// @throws Refused if the path could leave the place that the operator configured
    static void check(String path) {
        checkSegments(path);
        if (path.indexOf('%') < 0) return; // decoding would change nothing
        if (ESCAPE.matcher(path).replaceAll("").indexOf('%') >= 0) throw refused("it has a broken percent escape");
        String once = decoded(path);
        checkSegments(once);
        checkSegments(decoded(once));
    }

    private static void checkSegments(String path) {
        if (path.indexOf('\\') >= 0 || path.indexOf('\0') >= 0) throw refused("it has a backslash or a NUL");
        if (DOT_SEGMENT.matcher(path).find()) throw refused("it has a segment of dots");
    }

    /// Escapes become their octets; a percent sign that is none stays, and hides nothing beside it.
    private static String decoded(String path) {
        return ESCAPE.matcher(path)
                .replaceAll(
                        escape -> Matcher.quoteReplacement(Character.toString(Integer.parseInt(escape.group(1), 16))));
    }

    private static Refused refused(String why) {
        return new Refused(new Refusal.BadPath(why));
    }
}
