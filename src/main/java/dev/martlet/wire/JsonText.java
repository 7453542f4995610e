package dev.martlet.wire;

import java.nio.charset.StandardCharsets;

/// Texts and the JSON strings that stand for them.
final class JsonText {
    private static final String HEX = "0123456789abcdef";

    private JsonText() {}

    /// A text as a string, quotes included.
    static String quoted(String text) {
        StringBuilder string = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') string.append('\\').append(c);
            else if (c < ' ') string.append("\\u00").append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 0xF));
            else string.append(c);
        }
        return string.append('"').toString();
    }

    /// What stands between two quotes, escapes resolved; it was checked before.
    static String decoded(byte[] bytes, int from, int to) {
        String raw = new String(bytes, from, to - from, StandardCharsets.UTF_8);
        int escape = raw.indexOf('\\');
        if (escape < 0) return raw;
        StringBuilder text = new StringBuilder(raw.length());
        int plain = 0;
        for (; escape >= 0; escape = raw.indexOf('\\', plain)) {
            text.append(raw, plain, escape);
            char letter = raw.charAt(escape + 1);
            text.append(letter == 'u' ? (char) Integer.parseInt(raw, escape + 2, escape + 6, 16) : character(letter));
            plain = escape + (letter == 'u' ? 6 : 2);
        }
        return text.append(raw, plain, raw.length()).toString();
    }

    private static char character(char letter) {
        return switch (letter) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> letter;
        };
    }
}
