package dev.martlet.config;

/// How a text of the operator's is printed: a number as it is, anything else in quotes, short, on one line,
/// without what can be a credential in an address.
final class Quote {
    private static final int LENGTH_MAX = 80;

    private Quote() {}

    static String of(String text) {
        if (text.matches("-?[0-9]{1,20}(\\.[0-9]{1,20})?")) return text;
        return '"' + escaped(withoutCredential(text)) + '"';
    }

    /// A word as it is where it looks like one of our keys, else in quotes.
    static String ofKey(String key) {
        return isWord(key) ? key : of(key);
    }

    /// The same for the name of a model, a header or the like, of which no part can be a credential.
    static String ofName(String name) {
        return isWord(name) ? name : '"' + escaped(name) + '"';
    }

    static boolean isWord(String text) {
        return text.matches("[A-Za-z0-9_-]{1,80}");
    }

    /// Everything up to the last `@` can be user and password, everything after `?` or `#` a key.
    private static String withoutCredential(String text) {
        int at = text.lastIndexOf('@');
        String rest = text.substring(at + 1);
        String cut = rest.replaceFirst("(?s)([?#]).+", "$1…");
        return at < 0 ? cut : "(secret)@" + cut;
    }

    private static String escaped(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints().limit(LENGTH_MAX).forEach(point -> append(out, point));
        if (text.codePointCount(0, text.length()) > LENGTH_MAX) out.append('…');
        return out.toString();
    }

    private static void append(StringBuilder out, int point) {
        switch (point) {
            case '"', '\\' -> out.append('\\').appendCodePoint(point);
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default -> {
                if (isPlain(point)) out.appendCodePoint(point);
                else out.append("\\u{").append(Integer.toHexString(point)).append('}');
            }
        }
    }

    /// Whether it shows as itself and cannot reorder or hide what stands around it in a terminal.
    private static boolean isPlain(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.PRIVATE_USE,
                    Character.SURROGATE,
                    Character.UNASSIGNED ->
                    false;
            default -> true;
        };
    }
}
