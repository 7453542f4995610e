package dev.martlet.dialect;

import dev.martlet.Refusal;
import dev.martlet.Refused;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What gets lost when a request changes its dialect. What only helps is dropped, and its name is kept for the caller
/// (`x-martlet-dropped`); what would change the meaning is refused.
final class Losses {
    private static final int NAMES_MAX = 32;

    private final Set<String> dropped = new LinkedHashSet<>();

    /// Notes that a field was left out.
    ///
    /// @param field its path in the caller's request without indices: `logit_bias`, `messages.name`
    void drop(String field) {
        if (dropped.size() < NAMES_MAX) dropped.add(field);
    }

    /// For a field without which the answer would be to another question.
    ///
    /// @param why a sentence for the caller that names the field, and what would be understood
    static Refused refused(String field, String why) {
        return new Refused(new Refusal.BadRequest("unsupported_parameter", why, Optional.of(field)));
    }

    /// For a field that no dialect would understand as it is.
    static Refused wrong(String field, String why) {
        return new Refused(new Refusal.BadRequest("invalid_value", why, Optional.of(field)));
    }

    List<String> dropped() {
        return List.copyOf(dropped);
    }
}
