package dev.martlet.dialect;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a model behind a Chat Completions endpoint takes, as far as its name tells (platform.openai.com, "Reasoning models").
///
/// @param own     whether it is one of OpenAI's; others are not known here
/// @param reasons whether it thinks before it answers
/// @param version ten times the number in the name: 56 for `gpt-5.6`
record OpenAiModel(boolean own, boolean reasons, int version) {
    private static final Pattern OWN = Pattern.compile("(?:^|/)(?:(?:chat)?gpt-(\\d)(?:\\.(\\d))?|codex|o\\d(?=-|$))");

    static OpenAiModel of(String name) {
        Matcher matcher = OWN.matcher(name);
        if (!matcher.find()) return new OpenAiModel(false, false, 0);
        if (matcher.group(1) == null) return new OpenAiModel(true, true, 0);
        int minor = matcher.group(2) == null ? 0 : Integer.parseInt(matcher.group(2));
        int version = 10 * Integer.parseInt(matcher.group(1)) + minor;
        return new OpenAiModel(true, version >= 50 && !name.contains("chat"), version);
    }

    /// Whether it takes `reasoning_effort`.
    boolean takesEffort() {
        return !own || reasons;
    }

    /// The effort that it knows and that comes next to another.
    String effort(String asked) {
        if (!own) return asked;
        return switch (asked) {
            case "none" -> version >= 51 ? "none" : effort("minimal");
            case "minimal" -> version >= 50 ? "minimal" : "low";
            case "xhigh", "max" -> version >= 52 ? "xhigh" : "high";
            default -> asked;
        };
    }

    /// Whether it lets `temperature`, `top_p` and penalties be chosen: only a model that does not think does.
    boolean samples(Optional<String> effort) {
        boolean canBeIdle = version >= 51;
        return !reasons || (canBeIdle && effort.orElse("none").equals("none"));
    }

    /// Whether the end of a prefix can be marked that is to be cached.
    boolean marksPrefixes() {
        return own && version >= 56;
    }
}
