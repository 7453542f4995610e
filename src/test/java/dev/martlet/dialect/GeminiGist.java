package dev.martlet.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;

import java.util.List;

/// Gemini's generateContent; each event of a stream has the form of a whole answer.
final class GeminiGist extends GistReading {
    private static final List<String> OTHERS =
            List.of("inlineData", "fileData", "executableCode", "codeExecutionResult", "toolCall", "toolResponse");

    /// By their numbers in Vertex' protocol, which differ from those of the Gemini API behind the second one.
    private static final List<String> REASONS =
            List.of("FINISH_REASON_UNSPECIFIED", "STOP", "MAX_TOKENS", "SAFETY", "RECITATION", "OTHER");

    @Override
    void whole(JsonNode answer) {
        for (JsonNode candidate : answer.path("candidates")) {
            Draft draft = choice(candidate.path("index").asInt());
            for (JsonNode part : candidate.path("content").path("parts")) part(draft, part);
            candidate.path("logprobsResult").path("chosenCandidates").forEach(_ -> draft.others.add("logprob"));
            // Vertex may write the numbers of words.
            JsonNode why = candidate.path("finishReason");
            draft.finish(why.isInt() ? TextNode.valueOf(REASONS.get(why.asInt())) : why);
        }
        JsonNode usage = answer.path("usageMetadata");
        if (!usage.isObject()) return;
        long thoughts = usage.path("thoughtsTokenCount").asLong();
        long input = usage.path("promptTokenCount").asLong() + usage.path("toolUsePromptTokenCount").asLong();
        long said = usage.path("candidatesTokenCount").asLong();
        // Some count thoughts among the candidates' tokens as well, as the sum shows.
        boolean within = usage.path("totalTokenCount").asLong() == input + said;
        count(input, usage.path("cachedContentTokenCount").asLong(), within ? said : said + thoughts, thoughts);
    }

    @Override
    void event(JsonNode event) {
        whole(event);
    }

    private static void part(Draft draft, JsonNode part) {
        (part.path("thought").asBoolean() ? draft.thinking : draft.text).append(text(part.path("text")));
        if (!text(part.path("thoughtSignature")).isEmpty()) draft.seals.add(text(part.path("thoughtSignature")));
        JsonNode call = part.path("functionCall");
        if (call.isObject()) {
            draft.call(text(call.path("id")), text(call.path("name"))).add("", "", call.path("args").toString());
        }
        OTHERS.stream().filter(part::has).forEach(draft.others::add);
    }
}
