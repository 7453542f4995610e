package dev.martlet.dialect;

import dev.martlet.Signal;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/// What an answer says about an error, in the words of those who wrote it.
interface ErrorReading {
    /// Of an answer in which nothing can be read.
    ErrorReading NONE = OpenAiErrorReading.NONE;

    /// Whether it is an error at all.
    boolean present();

    /// The status that it would have had as an answer of its own; empty when it does not say.
    OptionalInt status();

    /// What an answer of this status means.
    ///
    /// @param status 400 or more
    /// @param pause  that the head of the answer asks for
    /// @param ownKey whether it was a key of the channel, and not one that the caller brought along
    Signal signal(int status, Optional<Duration> pause, boolean ownKey);
}
