package dev.martlet.config;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/// Guesses which word was meant.
final class Spelling {
    private static final int LENGTH_MAX = 40;

    private Spelling() {}

    /// The nearest of the words, when it is near enough to be meant: about one wrong letter in three.
    static Optional<String> nearest(String written, Collection<String> words) {
        if (written.length() > LENGTH_MAX) return Optional.empty();
        String plain = written.toLowerCase(Locale.ROOT);
        return words.stream()
                .min(Comparator.comparingInt(word -> distance(plain, word)))
                .filter(word -> distance(plain, word) <= 1 + Math.min(plain.length(), word.length()) / 4);
    }

    /// Letters to add, leave out or replace (Levenshtein), row by row.
    private static int distance(String from, String to) {
        int[] row = new int[to.length() + 1];
        Arrays.setAll(row, i -> i);
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[to.length()];
    }
}
