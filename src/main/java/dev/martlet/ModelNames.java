package dev.martlet;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedSet;

/// Which models a channel takes, and what they are called there. No rule at all means every model.
public final class ModelNames {
    /// Every model, under its own name.
    public static final ModelNames ALL = new ModelNames(List.of());

    /// A name or a pattern in which `*` stands for any characters; a name may be called otherwise upstream.
    ///
    /// @param upstream the provider's own name; empty when it is the same
    public record Rule(String name, Optional<String> upstream) {
        boolean isPattern() {
            return name.indexOf('*') >= 0;
        }
    }

    private final List<Rule> rules;
    private final Map<String, String> named = new HashMap<>();
    private final List<String> patterns;
    private final List<Rule> table;

    public ModelNames(List<Rule> rules) {
        this(rules, List.of());
    }

    /// @param table what models are called upstream that no rule renames: the first that matches counts
    public ModelNames(List<Rule> rules, List<Rule> table) {
        this.rules = List.copyOf(rules);
        this.table = List.copyOf(table);
        for (Rule rule : rules) {
            if (!rule.isPattern()) named.putIfAbsent(rule.name(), rule.upstream().orElse(rule.name()));
        }
        this.patterns = rules.stream().filter(Rule::isPattern).map(Rule::name).toList();
    }

    public boolean accepts(String model) {
        return rules.isEmpty() || named.containsKey(model) || patterns.stream().anyMatch(one -> matches(one, model));
    }

    /// What a model that is accepted is called upstream.
    public String upstream(String model) {
        return Optional.ofNullable(named.get(model)).filter(name -> !name.equals(model)).orElseGet(() -> listed(model));
    }

    private String listed(String model) {
        for (Rule rule : table) {
            if (matches(rule.name(), model)) return rule.upstream().orElse(model);
        }
        return model;
    }

    /// The names that stand there in full, in the order in which they were written.
    public SequencedSet<String> named() {
        SequencedSet<String> names = new LinkedHashSet<>();
        for (Rule rule : rules) {
            if (!rule.isPattern()) names.add(rule.name());
        }
        return names;
    }

    /// Whether it takes models that are not named: only the provider knows which there are.
    public boolean isOpen() {
        return rules.isEmpty() || !patterns.isEmpty();
    }

    /// The rules as they were written, for whoever shows the configuration.
    public List<Rule> rules() {
        return rules;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ModelNames names && rules.equals(names.rules) && table.equals(names.table);
    }

    @Override
    public int hashCode() {
        return Objects.hash(rules, table);
    }

    /// Greedy with one step back, so that the work stays within length times length for any pattern.
    private static boolean matches(String pattern, String model) {
        int p = 0;
        int m = 0;
        int star = -1;
        int resume = 0;
        while (m < model.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                resume = m;
            } else if (p < pattern.length() && pattern.charAt(p) == model.charAt(m)) {
                p++;
                m++;
            } else if (star >= 0) {
                p = star + 1;
                m = ++resume;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') p++;
        return p == pattern.length();
    }
}
