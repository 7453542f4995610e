package dev.martlet.demo;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/// What was asked, as far as a made-up answer needs it.
///
/// @param text   the words of the last turn
/// @param tokens about as many as a real tokenizer would count for the whole conversation
/// @param limit  the most tokens the answer may have
record Question(String text, int tokens, int limit) {
    private static final int CHARACTERS_A_TOKEN = 4;

    /// @param turns the conversation
    /// @param parts where a turn keeps its words: `content` or `parts`
    /// @param limit where the caller says how long the answer may be; a missing node when it does not
    static Question of(JsonNode turns, String parts, JsonNode limit) {
        String last = turns.isEmpty() ? "" : words(turns.get(turns.size() - 1).path(parts));
        int characters = 0;
        for (JsonNode turn : turns) characters += words(turn.path(parts)).length();
        int most = limit.canConvertToInt() && limit.asInt() > 0 ? limit.asInt() : Integer.MAX_VALUE;
        return new Question(last, characters / CHARACTERS_A_TOKEN + 3 * turns.size() + 1, most);
    }

    /// The text of a turn: a string, or a list of parts of which some have text.
    private static String words(JsonNode content) {
        if (content.isTextual()) return content.asText();
        return StreamSupport.stream(content.spliterator(), false)
                .map(part -> part.path("text").asText())
                .collect(Collectors.joining(" "));
    }
}
