package dev.martlet.demo;

import java.net.URI;
import java.time.Duration;
import java.util.List;

/// Providers that cost nothing and need no account. They listen on free ports of the loopback interface until closed.
///
/// @see <a href="https://platform.openai.com/docs/api-reference/chat">the format of `steady` and `moody`</a>
/// @see <a href="https://docs.anthropic.com/en/api/messages">the format of `anthropic`</a>
/// @see <a href="https://ai.google.dev/api/generate-content">the format of `gemini`</a>
public final class DemoProviders implements AutoCloseable {
    /// Of the calls that `moody` gets, every so many-th fails.
    public static final int MOODY_EVERY = 3;

    private static final Duration HUMAN_PACE = Duration.ofMillis(30);

    private final Provider steady;
    private final Provider moody;
    private final Provider anthropic;
    private final Provider gemini;

    private DemoProviders(Duration pace) {
        steady = new Provider(new OpenAiFormat(), Mood.even(), pace);
        moody = new Provider(new OpenAiFormat(), new Mood(MOODY_EVERY), pace);
        anthropic = new Provider(new AnthropicFormat(), Mood.even(), pace);
        gemini = new Provider(new GeminiFormat(), Mood.even(), pace);
    }

    /// Answers come about as fast as a provider's: an event every 30 ms.
    ///
    /// @throws java.io.UncheckedIOException if there is no free port
    public static DemoProviders atHumanPace() {
        return new DemoProviders(HUMAN_PACE);
    }

    /// Answers come at once.
    ///
    /// @throws java.io.UncheckedIOException if there is no free port
    public static DemoProviders atOnce() {
        return new DemoProviders(Duration.ZERO);
    }

    /// Speaks OpenAI's format and does not fail.
    public URI steady() {
        return steady.address();
    }

    /// Speaks OpenAI's format; every third call ends in a 503, half a head or a status that does not exist, in turns.
    public URI moody() {
        return moody.address();
    }

    public URI anthropic() {
        return anthropic.address();
    }

    public URI gemini() {
        return gemini.address();
    }

    @Override
    public void close() {
        List.of(steady, moody, anthropic, gemini).forEach(Provider::close);
    }
}
