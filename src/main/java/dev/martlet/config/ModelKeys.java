package dev.martlet.config;

import dev.martlet.ModelNames;
import dev.martlet.ModelNames.Rule;

import java.util.List;
import java.util.Optional;

/// The models of a channel, and what they are called there.
final class ModelKeys {
    private static final String FORM = "(?!\\s)[^\\p{Cntrl}*]{1,256}(?<!\\s)";

    /// The name of a model, as callers write it.
    static final Kind<String> NAME = Kind.matching("the name of a model, 1 to 256 characters, none of them *", FORM);

    private static final String PATTERN = "(?!\\s)[^\\p{Cntrl}]{1,256}(?<!\\s)";
    private static final String RENAMES = ": ";
    private static final Kind<Rule> RULE =
            new Kind<>(
                    "the name of a model, perhaps with * for any characters, or \"public: upstream\" without *",
                    ModelKeys::rule);

    /// What OpenAI's models are on Gemini, for callers who bring a key for that and say nothing else (seed 002); of what is
    /// not listed a fast one. Google's own models are what they are, and nothing stands in for those that embed.
    private static final List<Rule> ON_GEMINI =
            List.of(
                    as("gemini*"),
                    as("gemma*"),
                    as("models/*"),
                    as("tunedModels/*"),
                    as("*embedding*"),
                    new Rule("gpt-4*", Optional.of("gemini-2.5-pro")),
                    new Rule("*", Optional.of("gemini-2.5-flash")));

    private ModelKeys() {}

    /// @param onGemini whether models that are not Gemini's stand for some that are
    static ModelNames read(Section channel, boolean onGemini) {
        Setting<Rule> rules = channel.lines("models", RULE, Count.MANY);
        rules.refuseRepeated(Rule::name, "each model once");
        return new ModelNames(rules.values(List.of()), onGemini ? ON_GEMINI : List.of());
    }

    /// Every model, those of others standing for some of Gemini's.
    static ModelNames allOnGemini() {
        return new ModelNames(List.of(), ON_GEMINI);
    }

    private static Rule as(String name) {
        return new Rule(name, Optional.empty());
    }

    private static Optional<Rule> rule(String text) {
        int colon = text.indexOf(RENAMES);
        if (colon < 0) {
            return Optional.of(text)
                    .filter(name -> name.matches(PATTERN))
                    .map(name -> new Rule(name, Optional.empty()));
        }
        Optional<String> upstream = NAME.read(text.substring(colon + RENAMES.length()).strip());
        return NAME.read(text.substring(0, colon))
                .map(name -> new Rule(name, upstream))
                .filter(_ -> upstream.isPresent());
    }
}
