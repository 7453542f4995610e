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

    private ModelKeys() {}

    static ModelNames read(Section channel) {
        Setting<Rule> rules = channel.lines("models", RULE, Count.MANY);
        rules.refuseRepeated(Rule::name, "each model once");
        return new ModelNames(rules.values(List.of()));
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
