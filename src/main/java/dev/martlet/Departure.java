package dev.martlet;

/// How a client came to be gone.
public enum Departure {
    /// It closed its side, or reset the connection.
    LEFT,
    /// It did not take an answer for so long that we closed.
    STALLED,
    /// We stop, and could not wait any longer.
    CUT
}
