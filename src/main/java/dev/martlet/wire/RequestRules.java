package dev.martlet.wire;

import dev.martlet.Fields;

import java.util.List;

/// What a request's target and `Host` may look like, so that everyone behind us reads the same path and the same name.
final class RequestRules {
    private static final int PORT_MAX = 65_535;

    private RequestRules() {}

    /// Origin form (RFC 9112, section 3.2.1), or `*` for OPTIONS. Absolute form is refused: it names a host a second time.
    /// CONNECT, whose target is a host, is a method that nobody here offers, not a mistake of the client's.
    static void checkTarget(String method, String target) throws Malformed {
        if (method.equals("OPTIONS") && target.equals("*")) return;
        if (method.equals("CONNECT")) throw new Malformed(501, "tunnels are not offered");
        if (!target.startsWith("/")) throw Malformed.because("the request target does not begin with a slash");
        for (int i = 0; i < target.length(); i++) {
            char c = target.charAt(i);
            if (c <= ' ' || c >= 0x7F) throw Malformed.because("the request target has an octet that must be escaped");
            if (c == '#') throw Malformed.because("the request target has a fragment");
        }
    }

    /// Exactly one `Host`, a name or an address and perhaps a port (RFC 9112, section 3.2); HTTP/1.0 may leave it out.
    static void checkHost(int minor, Fields fields) throws Malformed {
        List<String> hosts = fields.all("Host");
        if (hosts.isEmpty() && minor == 0) return;
        if (hosts.size() != 1) throw Malformed.because("there must be exactly one Host");
        if (!isAuthority(hosts.getFirst())) throw Malformed.because("the Host is not a name or an address with a port");
    }

    private static boolean isAuthority(String host) {
        int nameEnd = host.startsWith("[") ? host.indexOf(']') + 1 : colonOrEnd(host);
        if (nameEnd <= 0) return false;
        String name = host.substring(0, nameEnd);
        boolean known = name.startsWith("[") ? isAddress(name) : isName(name);
        return known && isPort(host.substring(nameEnd));
    }

    private static int colonOrEnd(String host) {
        int colon = host.indexOf(':');
        return colon < 0 ? host.length() : colon;
    }

    private static boolean isAddress(String literal) {
        return literal.length() > 4
                && Characters.allOf(literal.substring(1, literal.length() - 1), c -> isHexOr(c, ":."));
    }

    private static boolean isName(String name) {
        return Characters.allOf(name, c -> isHexOr(c, "-._") || (c >= 'g' && c <= 'z') || (c >= 'G' && c <= 'Z'));
    }

    private static boolean isPort(String rest) {
        if (rest.isEmpty()) return true;
        if (rest.charAt(0) != ':' || rest.length() > 6) return false;
        boolean digits = Characters.allOf(rest.substring(1), Characters::isDigit);
        return digits && (rest.length() == 1 || Integer.parseInt(rest.substring(1)) <= PORT_MAX);
    }

    private static boolean isHexOr(int c, String others) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || others.indexOf(c) >= 0;
    }
}
