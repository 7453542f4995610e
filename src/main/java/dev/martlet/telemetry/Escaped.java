package dev.martlet.telemetry;

import java.util.regex.Pattern;

/// Text of somebody else's, fit for one line of a log: no control character passes, and none is long.
final class Escaped {
    private static final int LENGTH_MAX = 512;

    private static final Pattern WORD = Pattern.compile("[\\w.:/@+*-]{1,128}");

    private Escaped() {}

    /// Text as the value of a field of a line: in quotes, unless it is plainly one word.
    static String word(String raw) {
        return WORD.matcher(raw).matches() ? raw : quoted(raw);
    }

    /// The same in quotes, of which it has none inside.
    static String quoted(String raw) {
        return '"' + text(raw).replace('"', '\'') + '"';
    }

    static String text(String raw) {
        if (raw.length() <= LENGTH_MAX && isPlain(raw)) return raw;
        StringBuilder escaped = new StringBuilder(raw.length() + 16);
        for (int i = 0; i < Math.min(raw.length(), LENGTH_MAX); i++) {
            char c = raw.charAt(i);
            if (isPlain(c)) escaped.append(c);
            else escaped.append(String.format("\\u%04x", (int) c));
        }
        return raw.length() > LENGTH_MAX ? escaped.append("…").toString() : escaped.toString();
    }

    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isPlain(text.charAt(i))) return false;
        }
        return true;
    }

    private static boolean isPlain(char c) {
        return c >= ' ' && c < 0x7F && c != '\\';
    }
}
