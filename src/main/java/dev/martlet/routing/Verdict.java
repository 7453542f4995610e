package dev.martlet.routing;

/// What routing makes of a signal.
public enum Verdict {
    /// The client gets this answer as it came.
    DELIVER,
    /// The next attempt of the plan is due.
    NEXT,
    /// There is no answer, and none will be looked for.
    GIVE_UP
}
