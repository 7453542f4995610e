package dev.martlet.dialect;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.List;
import java.util.Optional;

/// Why a candidate ended, there and back.
final class GeminiFinish {
    static final String UNSPECIFIED = "FINISH_REASON_UNSPECIFIED";

    /// By their numbers, which Vertex writes with `enum-encoding=int` (google/cloud/aiplatform, `Candidate.FinishReason`).
    private static final List<String> NUMBERED =
            List.of(
                    UNSPECIFIED,
                    "STOP",
                    "MAX_TOKENS",
                    "SAFETY",
                    "RECITATION",
                    "OTHER",
                    "BLOCKLIST",
                    "PROHIBITED_CONTENT",
                    "SPII",
                    "MALFORMED_FUNCTION_CALL",
                    "MODEL_ARMOR",
                    "IMAGE_SAFETY",
                    "IMAGE_PROHIBITED_CONTENT",
                    "IMAGE_RECITATION",
                    "IMAGE_OTHER",
                    "UNEXPECTED_TOOL_CALL",
                    "NO_IMAGE");

    private GeminiFinish() {}

    /// The reason that a candidate names; empty while there is none.
    static Optional<String> of(JsonNode candidate) {
        JsonNode reason = candidate.path("finishReason");
        if (!reason.isIntegralNumber()) return Shape.some(reason).filter(word -> !word.equals(UNSPECIFIED));
        int number = reason.canConvertToInt() ? reason.asInt() : -1;
        if (number == 0) return Optional.empty();
        return Optional.of(number > 0 && number < NUMBERED.size() ? NUMBERED.get(number) : "OTHER");
    }

    /// The reason in the words of the hub.
    ///
    /// @param calls whether functions are called: a call is a reason to stop, and Gemini has no word for it
    static String toHub(String reason, boolean calls) {
        return switch (reason) {
            case "MAX_TOKENS", "CONTINUATION" -> "length";
            case "SAFETY",
                    "RECITATION",
                    "LANGUAGE",
                    "BLOCKLIST",
                    "PROHIBITED_CONTENT",
                    "SPII",
                    "MODEL_ARMOR",
                    "IMAGE_SAFETY",
                    "IMAGE_PROHIBITED_CONTENT",
                    "IMAGE_RECITATION" ->
                    "content_filter";
            default -> calls ? "tool_calls" : "stop";
        };
    }

    /// The reason that a choice of the hub names; empty while there is none.
    static Optional<String> fromHub(JsonNode choice) {
        return Shape.some(choice.path("extra_content").path("google").path("finish_reason"))
                .or(() -> Shape.some(choice.path("finish_reason")).map(GeminiFinish::fromHub));
    }

    /// A word of the hub.
    static String fromHub(String finish) {
        return switch (finish) {
            case "length" -> "MAX_TOKENS";
            case "content_filter" -> "SAFETY";
            case "error" -> "OTHER";
            default -> "STOP";
        };
    }
}
