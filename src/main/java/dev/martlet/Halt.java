package dev.martlet;

/// Why a failed attempt was not followed by another, although there was one to follow.
public enum Halt {
    /// The body was too large to be held, and could not be sent again.
    REPLAY_TOO_LARGE("replay_too_large"),
    /// All the memory for bodies was taken, so that this one was not held, and could not be sent again.
    NO_MEMORY_TO_HOLD("no_memory_to_hold"),
    /// A second provider must not be asked after the first may have worked on it.
    NOT_REPLAYABLE("not_replayable"),
    /// As many retries to failing targets were under way as may be.
    RETRY_BUDGET("retry_budget");

    private final String word;

    Halt(String word) {
        this.word = word;
    }

    /// For the log.
    public String word() {
        return word;
    }
}
