package dev.martlet.routing;

/// Whether a call may be sent once more.
public enum Again {
    /// And worked on once more.
    FREELY,
    /// As long as nobody can have worked on it.
    UNTOUCHED,
    /// Its body is gone: whatever the answer was, no other can be asked.
    NEVER
}
