package dev.martlet.demo;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/// A made-up answer: the same to the same question, a little different to another one.
///
/// @param words  the text, cut where a stream is cut; a word counts as a token
/// @param whole  whether the answer was not cut by the caller's limit
/// @param number differs from question to question; for ids
record Speech(List<String> words, boolean whole, int number) {
    private static final String[] OPENINGS = {
        "I am made up, so take this lightly: ",
        "Nobody has asked me that today, so I may say it: ",
        "Ask a swallow, and it will tell you: ",
        "A good question for a provider that costs nothing: ",
    };
    private static final String[] MIDDLES = {
        "%s looks small from above, and everything is far from %s when you never land. ",
        "the shortest way to %s leads past two clouds and one gateway; after %s turn left. ",
        "whoever carries %s over the sea carries it in small pieces, and %s arrives in order. ",
        "there are three opinions about %s, and all three of them hold that %s can wait until the wind turns. ",
    };
    private static final String[] CLOSINGS = {
        "That is all I can make up.",
        "The next answer may come from my colleague.",
        "If I break off one day, another one goes on for me.",
        "Now point your own application here.",
    };

    static Speech on(Question question) {
        int number = question.text().hashCode() & Integer.MAX_VALUE;
        String topic = topic(question.text());
        String text =
                OPENINGS[number % OPENINGS.length]
                        + String.format(Locale.ROOT, MIDDLES[number / 7 % MIDDLES.length], topic, topic)
                        + CLOSINGS[number / 31 % CLOSINGS.length];
        List<String> words = List.of(text.split("(?<= )"));
        boolean whole = words.size() <= question.limit();
        return new Speech(whole ? words : words.subList(0, question.limit()), whole, number);
    }

    String text() {
        return String.join("", words);
    }

    int tokens() {
        return words.size();
    }

    /// The longest word that was said.
    private static String topic(String text) {
        return Arrays.stream(text.split("[^\\p{L}\\p{N}]+"))
                .max(Comparator.comparingInt(String::length))
                .filter(word -> !word.isEmpty())
                .orElse("silence");
    }
}
