package dev.martlet;

import java.util.Locale;
import java.util.Optional;

/// What a call asks a model to do.
///
/// @param path below the version part of a base URL, as the caller wrote it: `/chat/completions`
public record Operation(Kind kind, String path) {

    /// The kinds that the judge and the reading of answers tell apart.
    public enum Kind {
        CHAT("/chat/completions", true),
        COMPLETIONS("/completions", true),
        EMBEDDINGS("/embeddings", true),
        MODERATIONS("/moderations", true),
        RERANK("/rerank", true),
        IMAGES("/images/", false),
        AUDIO("/audio/", false);

        private final String path;
        private final boolean replayable;

        Kind(String path, boolean replayable) {
            this.path = path;
            this.replayable = replayable;
        }

        /// Whether a second provider may be asked after the first may have worked on it: where that costs little, and
        /// nobody sees the first result (`product.md`, section 4, "Judge").
        public boolean replayable() {
            return replayable;
        }

        /// Whether it is paid for by the tokens of texts.
        public boolean countsTokens() {
            return switch (this) {
                case CHAT, COMPLETIONS, EMBEDDINGS, MODERATIONS, RERANK -> true;
                case IMAGES, AUDIO -> false;
            };
        }

        /// Whether its answer is text, and made of tokens, too.
        public boolean answersInTokens() {
            return this == CHAT || this == COMPLETIONS;
        }

        /// Whether its answer can be had as a whole and event by event, and each be made of the other.
        public boolean streams() {
            return this == CHAT || this == COMPLETIONS;
        }

        /// The word for metrics: OpenTelemetry's where it has one.
        public String word() {
            return this == COMPLETIONS ? "text_completion" : name().toLowerCase(Locale.ROOT);
        }

        private boolean has(String asked) {
            boolean family = path.endsWith("/");
            return family ? asked.startsWith(path) && asked.length() > path.length() : asked.equals(path);
        }
    }

    /// The operation at a path without its version part; empty when it is none of OpenAI's that are routed by model.
    public static Optional<Operation> ofOpenAi(String path) {
        for (Kind kind : Kind.values()) {
            if (kind.has(path)) return Optional.of(new Operation(kind, path));
        }
        return Optional.empty();
    }
}
