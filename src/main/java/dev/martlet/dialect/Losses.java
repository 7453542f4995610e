package dev.martlet.dialect;

import dev.martlet.Refusal;
import dev.martlet.Refused;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What gets lost when a request changes its dialect. What only helps is dropped, and its name is kept for the caller
/// (`x-martlet-dropped`); what would change the meaning is refused.
///
/// Fields are named as the hub has them, by their paths: `messages[2].name`. The caller reads its own words for them, without
/// indices.
final class Losses {
    private static final int NAMES_MAX = 32;

    private final Set<String> dropped = new LinkedHashSet<>();
    private Map<String, String> words = Map.of();

    /// Says how the caller names what the hub names otherwise.
    ///
    /// @param callers the caller's path for a path of the hub, both without indices; what stands below it is named below it
    void in(Map<String, String> callers) {
        words = callers;
    }

    /// Notes that a field was left out.
    void drop(String field) {
        if (dropped.size() < NAMES_MAX) dropped.add(named(field));
    }

    /// Notes the members of an object that nobody looks at.
    ///
    /// @param known the others
    void dropOthers(Given object, Set<String> known) {
        for (Given member : object.members()) {
            if (!known.contains(member.name()) && member.asksForSomething()) drop(member.path());
        }
    }

    /// For a field without which the answer would be to another question.
    ///
    /// @param why a sentence without its full stop
    Refused refused(String field, String why) {
        String name = words.isEmpty() ? field : named(field);
        String message = "`" + name + "` cannot be passed on to a provider of this model: " + why;
        return new Refused(new Refusal.BadRequest("unsupported_parameter", message, Optional.of(name)));
    }

    /// For a field that no dialect would understand as it is.
    static Refused wrong(String field, String why) {
        return new Refused(new Refusal.BadRequest("invalid_value", why, Optional.of(field)));
    }

    List<String> dropped() {
        return List.copyOf(dropped);
    }

    private String named(String field) {
        String path = field.replaceAll("\\[\\d+]", "");
        for (int end = path.length(); end > 0; end = path.lastIndexOf('.', end - 1)) {
            String word = words.get(path.substring(0, end));
            if (word == null) continue;
            String rest = path.substring(end);
            return word.isEmpty() && !rest.isEmpty() ? rest.substring(1) : word + rest;
        }
        return path;
    }
}
