package dev.martlet.telemetry;

/// Text of somebody else's, fit for one line of a log: no control character passes, and none is long.
final class Escaped {
    private static final int LENGTH_MAX = 512;

    private Escaped() {}

    static String text(String raw) {
        boolean clean = raw.length() <= LENGTH_MAX && raw.chars().allMatch(c -> c >= ' ' && c < 0x7F && c != '\\');
        if (clean) return raw;
        StringBuilder escaped = new StringBuilder(raw.length() + 16);
        for (int i = 0; i < Math.min(raw.length(), LENGTH_MAX); i++) {
            char c = raw.charAt(i);
            boolean plain = c >= ' ' && c < 0x7F && c != '\\';
            if (plain) escaped.append(c);
            else escaped.append(String.format("\\u%04x", (int) c));
        }
        return raw.length() > LENGTH_MAX ? escaped.append("…").toString() : escaped.toString();
    }
}
