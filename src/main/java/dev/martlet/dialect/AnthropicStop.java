package dev.martlet.dialect;

/// Why a model stopped: Anthropic's reasons, and the hub's, of which there are fewer.
final class AnthropicStop {
    private AnthropicStop() {}

    static String toHub(String reason) {
        return switch (reason) {
            case "max_tokens", "model_context_window_exceeded" -> "length";
            case "tool_use" -> "tool_calls";
            case "refusal" -> "content_filter";
            default -> "stop";
        };
    }

    /// @param calls whether tools are called: OpenAI says `stop` also then, where the caller had chosen the tool
    static String fromHub(String reason, boolean calls) {
        return switch (reason) {
            case "length" -> "max_tokens";
            case "tool_calls", "function_call" -> "tool_use";
            case "content_filter" -> "refusal";
            default -> calls ? "tool_use" : "end_turn";
        };
    }
}
