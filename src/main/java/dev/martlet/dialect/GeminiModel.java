package dev.martlet.dialect;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a model of Google's takes, as far as its name tells (ai.google.dev, "Thinking" and "Thought signatures").
///
/// @param version ten times the number in the name: 25 for `gemini-2.5-flash`
record GeminiModel(boolean gemini, boolean pro, int version) {
    private static final Pattern NAME = Pattern.compile("gemini-(\\d)(?:\\.(\\d))?");
    private static final int NEWEST = 99;

    static GeminiModel of(String name) {
        Matcher matcher = NAME.matcher(name);
        boolean pro = name.contains("pro");
        if (!matcher.find()) return new GeminiModel(name.contains("gemini"), pro, NEWEST);
        int minor = matcher.group(2) == null ? 0 : Integer.parseInt(matcher.group(2));
        return new GeminiModel(true, pro, 10 * Integer.parseInt(matcher.group(1)) + minor);
    }

    boolean thinks() {
        return gemini && version >= 25;
    }

    /// Whether it knows levels of thinking besides budgets.
    boolean hasLevels() {
        return gemini && version >= 30;
    }

    /// Whether it refuses calls in a conversation that come without their signature.
    boolean wantsSignatures() {
        return gemini && version >= 30;
    }

    /// Whether the result of a function may hold files.
    boolean readsFilesInResults() {
        return gemini && version >= 30;
    }

    /// The most tokens that it may be given to think.
    int budgetMax() {
        return pro ? 32_768 : 24_576;
    }

    /// The fewest tokens that it may be given to think.
    int budgetMin() {
        return pro ? 128 : 0;
    }
}
