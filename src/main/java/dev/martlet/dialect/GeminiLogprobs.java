package dev.martlet.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.Optional;

/// How likely each token was, there and back. Gemini's numbers of tokens go along as `token_id`.
final class GeminiLogprobs {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private GeminiLogprobs() {}

    /// `null` when nothing is said about it.
    static JsonNode toHub(JsonNode result) {
        JsonNode chosen = result.path("chosenCandidates");
        if (!chosen.isArray()) return NODES.nullNode();
        ObjectNode logprobs = NODES.objectNode();
        ArrayNode content = logprobs.putArray("content");
        for (int i = 0; i < chosen.size(); i++) {
            ObjectNode token = token(chosen.path(i));
            ArrayNode top = token.putArray("top_logprobs");
            for (JsonNode one : result.path("topCandidates").path(i).path("candidates")) top.add(token(one));
            content.add(token);
        }
        return logprobs.putNull("refusal");
    }

    private static ObjectNode token(JsonNode written) {
        ObjectNode token = NODES.objectNode().put("token", written.path("token").asText(""));
        token.set(
                "logprob",
                written.path("logProbability").isNumber() ? written.path("logProbability") : NODES.numberNode(0));
        token.putNull("bytes");
        if (written.has("tokenId")) token.set("token_id", written.path("tokenId"));
        return token;
    }

    static Optional<ObjectNode> fromHub(JsonNode logprobs) {
        JsonNode content = logprobs.path("content");
        if (!content.isArray()) return Optional.empty();
        ObjectNode result = NODES.objectNode();
        ArrayNode chosen = result.putArray("chosenCandidates");
        ArrayNode top = result.putArray("topCandidates");
        for (JsonNode token : content) {
            chosen.add(candidate(token));
            ArrayNode candidates = top.addObject().putArray("candidates");
            for (JsonNode one : token.path("top_logprobs")) candidates.add(candidate(one));
        }
        return Optional.of(result);
    }

    private static ObjectNode candidate(JsonNode token) {
        ObjectNode candidate = NODES.objectNode();
        candidate.put("token", token.path("token").asText(""));
        candidate.set("logProbability", token.path("logprob").isNumber() ? token.path("logprob") : NODES.numberNode(0));
        if (token.has("token_id")) candidate.set("tokenId", token.path("token_id"));
        return candidate;
    }
}
