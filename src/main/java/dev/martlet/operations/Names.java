package dev.martlet.operations;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// A path segment as every server could read it: decoded, in lower case, without parameters.
final class Names {
    private Names() {}

    static String plain(String segment) {
        String decoded = segment;
        try {
            decoded = URLDecoder.decode(segment, StandardCharsets.ISO_8859_1);
        } catch (IllegalArgumentException e) {
            // not a percent escape: the name as it stands
        }
        int parameter = decoded.indexOf(';');
        return (parameter < 0 ? decoded : decoded.substring(0, parameter)).toLowerCase(Locale.ROOT);
    }
}
