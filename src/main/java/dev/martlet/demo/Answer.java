package dev.martlet.demo;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.List;

/// What a provider says to a call.
sealed interface Answer {
    /// One JSON document.
    record Whole(int status, JsonNode content) implements Answer {}

    /// Text in pieces, each sent by itself.
    record Streamed(String mediaType, List<String> pieces) implements Answer {
        public Streamed {
            pieces = List.copyOf(pieces);
        }
    }

    static Answer ok(JsonNode content) {
        return new Whole(200, content);
    }

    static Answer events(List<String> events) {
        return new Streamed("text/event-stream", events);
    }
}
