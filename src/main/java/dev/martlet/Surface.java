package dev.martlet;

import java.util.Locale;

/// The public APIs that we offer.
public enum Surface {
    OPENAI,
    SERVICES,
    TRANSPARENT,
    OPERATIONS,
    /// No door was reached.
    NONE;

    /// The word for logs and metrics.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
