package dev.martlet.dialect;

import java.util.Optional;

/// The ids of function calls to which Gemini gave none. No two calls of a conversation have the same, and whoever asks
/// Gemini again leaves them out: there a call and its result are matched by name and order.
final class GeminiCallId {
    /// No provider begins an id like this.
    private static final String PREFIX = "call_mt_";

    /// OpenAI takes ids of at most 40 characters.
    private static final int ANSWER_CHARACTERS = 24;

    private GeminiCallId() {}

    /// An id for a call.
    ///
    /// @param answer    the id of the answer
    /// @param candidate the index of the candidate
    /// @param call      which of the candidate's calls it is
    static String made(String answer, int candidate, int call) {
        String begin = answer.length() > ANSWER_CHARACTERS ? answer.substring(0, ANSWER_CHARACTERS) : answer;
        return PREFIX + begin + '_' + candidate + '_' + call;
    }

    /// The id as Gemini may get it; empty when it never came from there.
    static Optional<String> known(String id) {
        return Optional.of(id).filter(one -> !one.isEmpty() && !one.startsWith(PREFIX));
    }
}
