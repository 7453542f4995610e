package dev.martlet.wire;

import dev.martlet.Field;
import dev.martlet.Fields;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Which header lines may cross the gateway.
public final class Headers {
    /// What our own client keys begin with; such a value never leaves.
    public static final String CLIENT_KEY_PREFIX = "sk-mt-";

    private static final String PROXY = "proxy-";

    /// What one side of the gateway says only to its own peer, and the length, which the framing on the other side says anew.
    private static final List<String> HOP_BY_HOP =
            List.of(
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
                isHopByHop(field)
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

    /// Nearly all names differ in their length already: quicker than looking one up in a set that knows no case.
    private static boolean isHopByHop(Field field) {
        for (String name : HOP_BY_HOP) {
            if (field.is(name)) return true;
        }
        return false;
    }

    private static Set<String> namedByConnection(Fields fields) {
        Set<String> named = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        for (String value : fields.all("Connection")) {
            for (String name : value.split(",", -1)) named.add(name.strip());
        }
        return named;
    }
}
