package dev.martlet;

/// What an attempt reported, before anything of it reached the client.
public sealed interface Signal {
    /// An answer that counts as success.
    record Good(int status) implements Signal {}

    /// Name lookup, connect or TLS failed: nothing was sent.
    record Unreachable(Cause cause) implements Signal {}

    /// Sent at least in part, then reset, closed, badly framed, or no head in time.
    record Broken(Cause cause) implements Signal {}

    /// The upstream answered with a 5xx.
    record Failed(int status) implements Signal {}

    /// The upstream answered with another status that is not a success; its own "no".
    record Refused(int status) implements Signal {}

    /// The word for logs and trails: a status or a cause.
    default String word() {
        return switch (this) {
            case Good(int status) -> Integer.toString(status);
            case Failed(int status) -> Integer.toString(status);
            case Refused(int status) -> Integer.toString(status);
            case Unreachable(Cause cause) -> cause.word();
            case Broken(Cause cause) -> cause.word();
        };
    }
}
