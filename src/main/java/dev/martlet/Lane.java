package dev.martlet;

import java.util.Locale;

/// How a call to a service of `/gateway` is carried: with how much patience, and beside how many others.
public enum Lane {
    /// For what answers soon or in events.
    EDGE,
    /// For what takes minutes, or brings much.
    BACKGROUND;

    /// The word for `X-Processing-Mode`, logs and metrics.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
