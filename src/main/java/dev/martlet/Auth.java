package dev.martlet;

/// Where a provider wants its credential.
public enum Auth {
    BEARER("Authorization", "Bearer "),
    X_API_KEY("x-api-key", ""),
    API_KEY("api-key", ""),
    X_GOOG_API_KEY("x-goog-api-key", "");

    private final String field;
    private final String before;

    Auth(String field, String before) {
        this.field = field;
        this.before = before;
    }

    /// The header line that carries the credential.
    public Field field(Secret secret) {
        return new Field(field, before + secret.value());
    }

    /// What providers of a dialect usually want.
    public static Auth of(Dialect dialect) {
        return switch (dialect) {
            case OPENAI, RESPONSES -> BEARER;
            case ANTHROPIC -> X_API_KEY;
            case GEMINI -> X_GOOG_API_KEY;
        };
    }
}
