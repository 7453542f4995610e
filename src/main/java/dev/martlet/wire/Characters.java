package dev.martlet.wire;

import java.util.function.IntPredicate;

/// What text is made of.
final class Characters {
    private Characters() {}

    /// Whether each character is allowed. A plain loop: as a stream it would cost some hundred bytes several times a call.
    static boolean allOf(String text, IntPredicate allowed) {
        for (int i = 0; i < text.length(); i++) {
            if (!allowed.test(text.charAt(i))) return false;
        }
        return true;
    }

    static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }
}
