package dev.martlet.config;

import java.util.List;

/// The configuration cannot be used. Has every problem as one line for the operator, file by file; no secret.
public final class ConfigInvalid extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    ConfigInvalid(List<String> problems) {
        super(String.join("\n", problems), null, false, false);
        this.problems = List.copyOf(problems);
    }

    public List<String> problems() {
        return problems;
    }
}
