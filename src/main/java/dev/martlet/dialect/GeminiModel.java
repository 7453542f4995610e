package dev.martlet.dialect;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a model of Google's takes, as far as its name tells (ai.google.dev, "Thinking", "Thought signatures" and what is new
/// in each generation). What a name does not tell is taken from the newest.
///
/// @param version ten times the number in the name: 25 for `gemini-2.5-flash`
record GeminiModel(String name, boolean gemini, int version) {
    private static final Pattern NAME = Pattern.compile("gemini-(?:[a-z]+-)*(\\d)(?:\\.(\\d))?");
    private static final Pattern WITHOUT_SYSTEM = Pattern.compile("gemma-?[1-3](?!\\d)");
    private static final Pattern FOLDER = Pattern.compile("(?:models|tunedModels)/");
    private static final int NEWEST = 99;

    static GeminiModel of(String name) {
        Matcher matcher = NAME.matcher(name);
        if (!matcher.find()) return new GeminiModel(name, name.contains("gemini"), NEWEST);
        int minor = matcher.group(2) == null ? 0 : Integer.parseInt(matcher.group(2));
        return new GeminiModel(name, true, 10 * Integer.parseInt(matcher.group(1)) + minor);
    }

    /// Where a model is: `models/gemini-2.5-flash`, which some call it as well. Nothing in a name leads anywhere else.
    static String resource(String name) {
        Matcher folder = FOLDER.matcher(name);
        boolean known = folder.lookingAt();
        String own = URLEncoder.encode(known ? name.substring(folder.end()) : name, StandardCharsets.UTF_8);
        return (known ? folder.group() : "models/") + own.replace("+", "%20").replace("%3A", ":");
    }

    private boolean pro() {
        return name.contains("pro");
    }

    private boolean lite() {
        return name.contains("lite");
    }

    /// Whether it can be told how much to think; those that paint and speak cannot.
    boolean thinks() {
        return gemini && version >= 25 && !name.contains("image") && !name.contains("tts");
    }

    /// Whether it knows levels of thinking; the newest know nothing else.
    boolean hasLevels() {
        return gemini && version >= 30;
    }

    /// The least that it can think.
    String leastLevel() {
        boolean minimal = !pro() && version < (lite() ? 40 : 37);
        return minimal ? "minimal" : "low";
    }

    /// What it has for a level between little and much.
    String middleLevel() {
        return pro() && version == 30 ? "high" : "medium";
    }

    /// The most tokens that it may be given to think.
    int budgetMax() {
        return pro() ? 32_768 : 24_576;
    }

    /// The fewest tokens that it may be given to think.
    int budgetMin() {
        if (pro()) return 128;
        return lite() ? 512 : 1;
    }

    /// The tokens with which it thinks as little as it can.
    int budgetOff() {
        return pro() ? 128 : 0;
    }

    /// Whether it refuses calls in a conversation that come without their signature.
    boolean wantsSignatures() {
        return gemini && version >= 30;
    }

    /// Whether calls of functions have ids: to others on Vertex AI the very word is unknown.
    boolean knowsCallIds() {
        return gemini && version >= 30;
    }

    /// Whether tools do not exclude each other, nor answers in JSON: functions, and what runs at Google.
    boolean combinesTools() {
        return gemini && version >= 30;
    }

    /// Whether the result of a function may hold files.
    boolean readsFilesInResults() {
        return gemini && version >= 30;
    }

    /// Whether it takes penalties for what was said before.
    boolean takesPenalties() {
        return gemini && version < 25;
    }

    /// How many answers to one request it gives.
    int answersMax() {
        return gemini && version >= 40 && version < NEWEST ? 1 : 8;
    }

    /// Whether a system text may stand apart from the conversation.
    boolean takesSystemText() {
        return !WITHOUT_SYSTEM.matcher(name).find();
    }

    /// Whether it goes on where a turn of its own ends; others refuse a conversation that ends like this.
    boolean continuesItself() {
        return gemini && version < 35;
    }
}
