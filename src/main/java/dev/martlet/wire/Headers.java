package dev.martlet.wire;

import dev.martlet.Field;
import dev.martlet.Fields;

import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/// Which header lines may cross the gateway.
public final class Headers {
    /// What our own client keys begin with; such a value never leaves.
    public static final String CLIENT_KEY_PREFIX = "sk-mt-";

    private static final String PROXY = "proxy-";

    /// What one side of the gateway says only to its own peer, and the length, which the framing on the other side says anew.
    private static final Set<String> HOP_BY_HOP =
            inAnyCase(
                    "connection",
                    "keep-alive",
                    "te",
                    "trailer",
                    "transfer-encoding",
                    "upgrade",
                    "http2-settings",
                    "content-length");

    private Headers() {}

    /// The fields that are meant for the far end (RFC 9110, section 7.6.1): without the hop-by-hop ones, those that
    /// `Connection` names, and what the framing on the other side says anew.
    public static Fields endToEnd(Fields fields) {
        Set<String> named = fields.has("Connection") ? namedByConnection(fields) : Set.of();
        return fields.without(field ->
                HOP_BY_HOP.contains(field.name())
                        || field.name().regionMatches(true, 0, PROXY, 0, PROXY.length())
                        || named.contains(field.name()));
    }

    /// Whether a value holds one of our own client keys, alone or behind a scheme such as `Bearer`.
    public static boolean holdsClientKey(String value) {
        for (int at = value.indexOf(CLIENT_KEY_PREFIX); at >= 0; at = value.indexOf(CLIENT_KEY_PREFIX, at + 1)) {
            boolean begins = at == 0 || !Character.isLetterOrDigit(value.charAt(at - 1));
            if (begins) return true;
        }
        return false;
    }

    public static boolean isCors(Field field) {
        return field.name().regionMatches(true, 0, "access-control-", 0, "access-control-".length());
    }

    private static Set<String> namedByConnection(Fields fields) {
        Set<String> named = inAnyCase();
        for (String value : fields.all("Connection")) {
            for (String name : value.split(",", -1)) named.add(name.strip());
        }
        return named;
    }

    /// Looks names up without making a lower-case copy of each.
    private static Set<String> inAnyCase(String... names) {
        Set<String> set = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        Collections.addAll(set, names);
        return set;
    }
}
