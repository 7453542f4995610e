package dev.martlet;

/// In which form an upstream can answer, where there is a choice; what the caller wants in another one is converted.
public enum Streaming {
    /// In the one that the caller asks for.
    AS_ASKED,
    /// Only event by event.
    ALWAYS,
    /// Only as a whole.
    NEVER;

    /// Whether the upstream is asked for a stream.
    ///
    /// @param asked whether the caller asks for one
    public boolean of(boolean asked) {
        return switch (this) {
            case AS_ASKED -> asked;
            case ALWAYS -> true;
            case NEVER -> false;
        };
    }
}
