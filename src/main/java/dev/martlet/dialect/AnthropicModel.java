package dev.martlet.dialect;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a model takes that speaks this dialect, as far as its name tells
/// (platform.claude.com, "Models overview" and the migration guides).
///
/// @param claude  other models that speak it take what the older ones of Claude do
/// @param family  the word in front of the number: `sonnet`; empty when there is none
/// @param version ten times the number in the name: 45 for `claude-sonnet-4-5`
record AnthropicModel(boolean claude, String family, int version) {
    private static final Pattern NAME = Pattern.compile("claude-(?:([a-z]+)-?)?(?:(\\d)(?:[-.](\\d)(?!\\d))?)?");
    private static final int NEWEST = 99;

    static AnthropicModel of(String name) {
        Matcher matcher = NAME.matcher(name);
        if (!matcher.find()) return new AnthropicModel(name.contains("claude"), "", NEWEST);
        String family = Optional.ofNullable(matcher.group(1)).orElse("");
        if (matcher.group(2) == null) return new AnthropicModel(true, family, NEWEST);
        int minor = matcher.group(3) == null ? 0 : Integer.parseInt(matcher.group(3));
        return new AnthropicModel(true, family, 10 * Integer.parseInt(matcher.group(2)) + minor);
    }

    /// How many tokens it may write, for callers that set no bound: the API wants one.
    int maxTokens() {
        if (!claude) return 8192;
        return Math.min(tokensMax(), version < 45 ? 32_000 : 64_000);
    }

    /// The most tokens that it can write, as far as that is known: the API refuses more.
    int tokensMax() {
        if (!claude || version >= 46) return Integer.MAX_VALUE;
        if (version < 35) return 4096;
        if (version < 37) return 8192;
        return family.equals("opus") && version < 45 ? 32_000 : 64_000;
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

    /// The type of `thinking` with which it does not think before it answers; empty for one that always does.
    Optional<String> silence() {
        boolean always =
                family.equals("fable")
                        || family.equals("mythos")
                        || (version >= 55 && !family.equals("sonnet") && !family.equals("haiku"));
        if (always) return Optional.empty();
        return Optional.of(family.equals("sonnet") && version >= 55 ? "between_tools" : "disabled");
    }

    /// Whether it goes on with an answer that is begun for it.
    boolean continues() {
        return !claude || version < 46;
    }

    /// Whether it can be made to call a tool.
    boolean callsOnDemand() {
        return !claude || version < 51 || family.equals("haiku");
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
