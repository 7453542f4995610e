package dev.martlet;

import java.util.Locale;

/// A wire format that callers and providers speak.
public enum Dialect {
    /// Chat Completions and its sister endpoints.
    OPENAI,
    RESPONSES,
    ANTHROPIC,
    GEMINI;

    /// The word for configuration, logs and metrics.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
