package dev.martlet.dialect;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a model takes that speaks this dialect, as far as its name tells
/// (platform.claude.com, "Models overview" and the migration guides).
///
/// @param claude  other models that speak it take what the older ones of Claude do
/// @param version ten times the number in the name: 45 for `claude-sonnet-4-5`
record AnthropicModel(boolean claude, int version) {
    private static final Pattern NAME = Pattern.compile("claude-(?:[a-z]+-)?(\\d)(?:[-.](\\d)(?!\\d))?");
    private static final int NEWEST = 99;

    static AnthropicModel of(String name) {
        Matcher matcher = NAME.matcher(name);
        if (!matcher.find()) return new AnthropicModel(name.contains("claude"), NEWEST);
        int minor = matcher.group(2) == null ? 0 : Integer.parseInt(matcher.group(2));
        return new AnthropicModel(true, 10 * Integer.parseInt(matcher.group(1)) + minor);
    }

    /// The most tokens that every model of its generation may write, for callers that set no bound: the API wants one.
    int maxTokens() {
        if (!claude) return 8192;
        if (version < 35) return 4096;
        return version < 37 ? 8192 : 32_000;
    }

    /// Whether it decides itself how much it thinks, guided by an effort, instead of by a budget of tokens.
    boolean adapts() {
        return claude && version >= 46;
    }

    /// Whether it can think at all.
    boolean thinks() {
        return !claude || version >= 37;
    }

    /// Whether it thinks unless it is told not to.
    boolean thinksUnasked() {
        return claude && version >= 50;
    }

    /// Whether an effort may be greater than `high` without being the greatest.
    boolean hasExtraHigh() {
        return claude && version >= 47;
    }

    /// Whether it lets `temperature`, `top_p` and `top_k` be chosen.
    boolean samples() {
        return !claude || version < 47;
    }

    /// Whether it takes `temperature` and `top_p` in one request.
    boolean samplesTwice() {
        return !claude || version < 41;
    }

    /// Whether it can be bound to a JSON schema.
    boolean bindsToSchema() {
        return claude && version >= 41;
    }
}
