package dev.martlet.app;

/// What a user of an SDK called to make a recorded exchange.
enum SdkOperation {
    CHAT,
    COMPLETIONS,
    EMBEDDINGS,
    MODELS,
    MODEL,
    MODERATIONS,
    IMAGES,
    RESPONSES,
    TRANSCRIPTIONS,
    MESSAGES,
    GENERATE;

    static SdkOperation of(RecordedExchange exchange) {
        return switch (exchange.api()) {
            case "openai.chat" -> CHAT;
            case "openai.completions" -> exchange.path().endsWith("/chat/completions") ? CHAT : COMPLETIONS;
            case "openai.embeddings" -> EMBEDDINGS;
            case "openai.models" -> exchange.path().endsWith("/models") ? MODELS : MODEL;
            case "openai.moderations" -> MODERATIONS;
            case "openai.images" -> IMAGES;
            case "openai.responses" -> RESPONSES;
            case "openai.audio" -> TRANSCRIPTIONS;
            case "anthropic.messages" -> MESSAGES;
            case "gemini.generate", "gemini.stream" -> GENERATE;
            default -> throw new IllegalArgumentException("no SDK has it: " + exchange.api());
        };
    }
}
