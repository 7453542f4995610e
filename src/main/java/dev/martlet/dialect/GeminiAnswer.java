package dev.martlet.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.Optional;
import java.util.Set;

/// A whole answer: what `generateContent` gives as a chat completion, and back. Events of a stream have the same members.
final class GeminiAnswer {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /// The members that have a place of their own in the hub; all others are kept.
    private static final Set<String> SAID = Set.of("candidates", "usageMetadata", "modelVersion", "error");

    /// What an answer without candidates has, if it is one.
    private static final Set<String> BESIDE = Set.of("promptFeedback", "usageMetadata", "modelVersion", "responseId");

    private static final Set<String> SAID_OF_CANDIDATE =
            Set.of("index", "content", "finishReason", "logprobsResult", "finish_reason", "parts");

    static final String GROUNDING = "groundingMetadata";

    private static final int CANDIDATES_MAX = 256;

    private GeminiAnswer() {}

    static ObjectNode toHub(ObjectNode answer, Heading heading) throws Garbled {
        ObjectNode hub = heading(heading, "chat.completion");
        ArrayNode choices = hub.putArray("choices");
        for (JsonNode candidate : candidates(answer)) {
            choices.add(choice(Shape.object(candidate, "a candidate"), choices.size(), heading));
        }
        if (choices.isEmpty()) choices.add(blocked());
        if (answer.path("usageMetadata") instanceof ObjectNode usage) hub.set("usage", GeminiUsage.toHub(usage));
        ObjectNode others = others(answer);
        if (!others.isEmpty()) hub.putObject("extra_content").set("google", others);
        return hub;
    }

    /// What an answer and each chunk of one begin with.
    static ObjectNode heading(Heading heading, String object) {
        return NODES.objectNode()
                .put("id", "chatcmpl-" + heading.id())
                .put("object", object)
                .put("created", heading.created())
                .put("model", heading.model())
                .put("system_fingerprint", "fp_gemini_proxy");
    }

    /// The candidates of an answer or of an event; none when it has none.
    ///
    /// @throws Garbled if it is neither
    static ArrayNode candidates(ObjectNode answer) throws Garbled {
        JsonNode candidates = answer.path("candidates");
        if (candidates instanceof ArrayNode array) return array;
        boolean known = BESIDE.stream().anyMatch(answer::has);
        if (known && (candidates.isMissingNode() || candidates.isNull())) return NODES.arrayNode();
        throw new Garbled("an answer without candidates");
    }

    /// What stands beside the candidates.
    static ObjectNode others(ObjectNode answer) {
        return without(SAID, answer);
    }

    /// What stands beside the content of a candidate, and why it ended if the hub has no word for that.
    ///
    /// @param calls whether it calls functions
    static ObjectNode othersOfCandidate(ObjectNode candidate, boolean calls) {
        ObjectNode others = without(SAID_OF_CANDIDATE, candidate);
        GeminiFinish.of(candidate)
                .filter(reason -> !GeminiFinish.fromHub(GeminiFinish.toHub(reason, calls)).equals(reason))
                .ifPresent(reason -> others.put("finish_reason", reason));
        return others;
    }

    private static ObjectNode without(Set<String> said, ObjectNode object) {
        ObjectNode others = NODES.objectNode();
        for (var member : object.properties()) {
            if (!said.contains(member.getKey()) && !member.getValue().isNull()) {
                others.set(member.getKey(), member.getValue());
            }
        }
        return others;
    }

    private static ObjectNode choice(ObjectNode candidate, int position, Heading heading) throws Garbled {
        int index = index(candidate, position);
        GeminiParts parts = new GeminiParts(heading.id(), index, false);
        ObjectNode choice = NODES.objectNode().put("index", index);
        ObjectNode message = choice.putObject("message").put("role", "assistant").putNull("content").putNull("refusal");
        Optional<ArrayNode> written = parts(candidate);
        if (written.isPresent() && !parts.say(written.get(), message)) {
            GeminiParts.google(message).set("parts", written.get());
        }
        if (message.path("content").isNull() && !parts.haveCalls()) message.put("content", "");
        ArrayNode annotations =
                GeminiGrounding.annotations(candidate.path("groundingMetadata"), message.path("content").asText(""));
        if (!annotations.isEmpty()) message.set("annotations", annotations);
        choice.set("logprobs", GeminiLogprobs.toHub(candidate.path("logprobsResult")));
        String reason = GeminiFinish.of(candidate).orElse("STOP");
        choice.put("finish_reason", GeminiFinish.toHub(reason, parts.haveCalls()));
        ObjectNode others = othersOfCandidate(candidate, parts.haveCalls());
        if (!others.isEmpty()) choice.putObject("extra_content").set("google", others);
        return choice;
    }

    /// Where there is one candidate its index is often left out.
    static int index(ObjectNode candidate, int position) throws Garbled {
        JsonNode index = candidate.path("index");
        if (!index.isNumber()) return position;
        int at = index.canConvertToInt() ? index.intValue() : -1;
        if (at < 0 || at >= CANDIDATES_MAX) throw new Garbled("the index of a candidate is beyond belief");
        return at;
    }

    /// The parts of a candidate; it may have none, or no content at all.
    static Optional<ArrayNode> parts(ObjectNode candidate) throws Garbled {
        JsonNode parts = candidate.path("content").path("parts");
        if (parts.isMissingNode() || parts.isNull()) return Optional.empty();
        return Optional.of(Shape.array(parts, "parts"));
    }

    /// No candidate is what a prompt gets that may not be answered.
    private static ObjectNode blocked() {
        ObjectNode choice = NODES.objectNode().put("index", 0);
        choice.putObject("message").put("role", "assistant").put("content", "").putNull("refusal");
        return choice.putNull("logprobs").put("finish_reason", "content_filter");
    }

    static ObjectNode fromHub(ObjectNode hub, Heading heading) throws Garbled {
        ObjectNode answer = NODES.objectNode();
        JsonNode others = hub.path("extra_content").path("google");
        ArrayNode candidates = NODES.arrayNode();
        for (JsonNode choice : Shape.array(hub.path("choices"), "choices")) {
            candidates.add(candidate(Shape.object(choice, "a choice")));
        }
        boolean blocked =
                isBlocked(others) && candidates.size() == 1 && !candidates.get(0).path("content").has("parts");
        if (!blocked) answer.set("candidates", candidates);
        if (hub.path("usage") instanceof ObjectNode usage) answer.set("usageMetadata", GeminiUsage.fromHub(usage));
        add(others, SAID, answer);
        answer.put("modelVersion", heading.model());
        if (!answer.has("responseId")) answer.put("responseId", heading.id());
        return answer;
    }

    static boolean isBlocked(JsonNode others) {
        return !others.path("promptFeedback").path("blockReason").isMissingNode();
    }

    private static ObjectNode candidate(ObjectNode choice) throws Garbled {
        ObjectNode candidate = NODES.objectNode();
        ObjectNode content = candidate.putObject("content");
        ArrayNode parts = GeminiContent.parts(choice.path("message"));
        if (!parts.isEmpty()) content.set("parts", parts);
        content.put("role", "model");
        GeminiFinish.fromHub(choice).ifPresent(reason -> candidate.put("finishReason", reason));
        candidate.put("index", index(choice, 0));
        GeminiLogprobs.fromHub(choice.path("logprobs")).ifPresent(result -> candidate.set("logprobsResult", result));
        GeminiGrounding.metadata(choice.path("message")).ifPresent(pages -> candidate.set(GROUNDING, pages));
        addOthers(choice, candidate);
        return candidate;
    }

    /// What accompanies a choice of the hub, said of the candidate again.
    static void addOthers(ObjectNode choice, ObjectNode candidate) {
        add(choice.path("extra_content").path("google"), SAID_OF_CANDIDATE, candidate);
    }

    static void add(JsonNode others, ObjectNode to) {
        add(others, SAID, to);
    }

    private static void add(JsonNode others, Set<String> said, ObjectNode to) {
        for (var member : others.properties()) {
            if (!said.contains(member.getKey())) to.set(member.getKey(), member.getValue());
        }
    }
}
