package dev.martlet;

/// Carries a refusal from wherever it is found to the one place that renders it. Has no stack trace: it is an answer, not a bug.
public final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Refusal why;

    public Refused(Refusal why) {
        super(why.message(), null, false, false);
        this.why = why;
    }

    public Refusal why() {
        return why;
    }
}
