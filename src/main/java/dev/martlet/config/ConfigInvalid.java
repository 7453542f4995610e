package dev.martlet.config;

import java.util.List;

/// The configuration cannot be used. Has every problem as one line for the operator, file by file; no secret.
public final class ConfigInvalid extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;
    private final transient Written written;

    ConfigInvalid(List<String> problems, Written written) {
        super(String.join("\n", problems), null, false, false);
        this.problems = List.copyOf(problems);
        this.written = written;
    }

    public List<String> problems() {
        return problems;
    }

    /// What was found all the same.
    public Written written() {
        return written;
    }
}
