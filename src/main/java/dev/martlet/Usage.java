package dev.martlet;

/// The tokens of one call, each counted once.
///
/// @param input     of the prompt, the cached ones included
/// @param cached    of these, read from the provider's cache
/// @param output    of the answer, reasoning included
/// @param reasoning of these, thought and not said
/// @param estimated whether nobody has counted them
public record Usage(long input, long cached, long output, long reasoning, boolean estimated) {
    /// So many bytes of text are about a token.
    private static final int TOKEN_BYTES = 4;

    /// As a provider has counted.
    public Usage(long input, long cached, long output, long reasoning) {
        this(input, cached, output, reasoning, false);
    }

    /// An estimate, where a provider has not counted: rather too much than too little, for what surrounds the texts is
    /// taken for text.
    ///
    /// @param question bytes of the request's body
    public static Usage estimate(long question, long outputTokens) {
        return new Usage(tokens(question), 0, outputTokens, 0, true);
    }

    /// How many tokens so many bytes are, about.
    public static long tokens(long bytes) {
        return (bytes + TOKEN_BYTES - 1) / TOKEN_BYTES;
    }
}
