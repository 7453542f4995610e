package dev.martlet.dialect;

import dev.martlet.Dialect;

import java.util.Locale;

/// What one check of one exchange came to.
///
/// @param other the dialect that it went to; its own when it went nowhere
record Finding(Exchange exchange, Check check, Dialect other, Outcome outcome) {
    /// What is asked of a recorded exchange.
    enum Check {
        /// The request in the other dialect is a valid one, or is refused.
        REQUEST,
        /// The whole answer in the other dialect is a valid one and says the same.
        ANSWER,
        /// And back in its own it says the same as before.
        ANSWER_BACK,
        /// Every event in the other dialect is a valid one, and all together say the same.
        STREAM,
        STREAM_BACK,
        /// And all of them gathered are a valid whole answer that says the same.
        STREAM_COLLECTED,
        /// An error in the other dialect is a valid one and has the same message.
        ERROR,
        /// A stream gathered into a whole answer is a valid one and says the same.
        COLLECT,
        /// A whole answer as a stream that is gathered again is what it was.
        UNFOLD;

        String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    /// How a check went.
    sealed interface Outcome {
        record Same() implements Outcome {}

        /// A field cannot be said in the other dialect, and is named.
        record Refused(String param, String message) implements Outcome {}

        /// Something was lost, or is not valid.
        record Different(String what) implements Outcome {}
    }

    /// How exceptions name it.
    String name() {
        return exchange.id() + " " + check.word() + (other == exchange.dialect() ? "" : " " + other.word());
    }
}
