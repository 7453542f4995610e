package dev.martlet.dialect;

import java.util.Optional;

/// How much a model is to think before it answers, as the hub says it: `reasoning_effort`, `thinking` (Anthropic's object,
/// for an exact budget), or `reasoning` (OpenRouter's object).
///
/// @param wish   empty when the request says nothing
/// @param budget in tokens, when it was given as such
/// @param shown  whether the thoughts are to come with the answer
record Reasoning(Optional<Wish> wish, Optional<String> effort, Optional<Integer> budget, boolean shown) {
    enum Wish {
        OFF,
        ON
    }

    /// Google's own numbers for the efforts of OpenAI (ai.google.dev, "OpenAI compatibility").
    private static final int LOW = 1024;

    private static final int MEDIUM = 8192;
    private static final int HIGH = 24576;

    static Reasoning of(Given hub) {
        Optional<String> effort = hub.at("reasoning_effort").text().or(() -> hub.at("reasoning").at("effort").text());
        Given thinking = hub.at("thinking");
        Optional<Integer> budget =
                thinking.at("budget_tokens").count().or(() -> hub.at("reasoning").at("max_tokens").count());
        boolean off =
                isOff(thinking)
                        || effort.filter("none"::equals).isPresent()
                        || budget.filter(tokens -> tokens == 0).isPresent();
        boolean on = effort.isPresent() || budget.isPresent() || said(thinking) || said(hub.at("reasoning"));
        boolean shown = !thinking.at("display").says("omitted") && !hub.at("reasoning").at("exclude").isTrue();
        Optional<Wish> wish = off ? Optional.of(Wish.OFF) : on ? Optional.of(Wish.ON) : Optional.empty();
        return new Reasoning(wish, effort, budget.filter(tokens -> tokens > 0), shown);
    }

    /// Whether Anthropic's object asks for an answer without thinking first.
    static boolean isOff(Given thinking) {
        return thinking.at("type").says("disabled") || thinking.at("type").says("between_tools");
    }

    private static boolean said(Given object) {
        return object.isPresent() && !object.members().isEmpty();
    }

    boolean off() {
        return wish.filter(Wish.OFF::equals).isPresent();
    }

    boolean on() {
        return wish.filter(Wish.ON::equals).isPresent();
    }

    /// As it was given, or what the effort comes to.
    int tokens() {
        return budget.orElseGet(() ->
                switch (effort.orElse("medium")) {
                    case "minimal", "low" -> LOW;
                    case "high", "xhigh", "max" -> HIGH;
                    default -> MEDIUM;
                });
    }

    /// As it was given, or what the budget comes to.
    String word() {
        return effort.orElseGet(() -> budget.map(Reasoning::word).orElse("medium"));
    }

    /// The effort that comes next to a budget.
    static String word(int tokens) {
        if (tokens <= 2 * LOW) return "low";
        return tokens <= 2 * MEDIUM ? "medium" : "high";
    }
}
