package dev.martlet.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Gathers the events of a stream of Gemini's, each of which has the form of an answer. What comes more than once counts as it came last.
final class GeminiCollect implements Collect {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /// Of these an event may bring more, or all again.
    private static final Set<String> GROWING = Set.of("groundingMetadata", "citationMetadata", "urlContextMetadata");

    /// Of this each event brings more.
    private static final String LIKELIHOODS = "logprobsResult";

    private final Kept kept = new Kept();
    private final ObjectNode answer = NODES.objectNode();
    private final Map<Integer, Gathered> candidates = new TreeMap<>();
    private boolean begun;

    @Override
    public void add(Event event) throws Garbled {
        if (event.isDone()) return;
        ObjectNode data = event.data();
        if (GeminiErrors.isOne(data)) throw new Garbled("an error in the place of an event");
        ArrayNode written = GeminiAnswer.candidates(data);
        for (int i = 0; i < written.size(); i++) {
            ObjectNode candidate = Shape.object(written.get(i), "a candidate");
            candidates.computeIfAbsent(GeminiAnswer.index(candidate, i), _ -> new Gathered(kept)).add(candidate);
        }
        if (data.has("candidates")) answer.putNull("candidates");
        for (var member : data.properties()) {
            if (!member.getKey().equals("candidates")) answer.set(member.getKey(), member.getValue());
        }
        begun = true;
    }

    @Override
    public ObjectNode whole() throws Garbled {
        if (!begun) throw new Garbled("a stream without an event");
        if (answer.has("candidates")) {
            ArrayNode all = answer.putArray("candidates");
            for (Gathered candidate : candidates.values()) all.add(candidate.whole());
        }
        return answer;
    }

    /// A candidate, as far as it has come.
    private static final class Gathered {
        private final ObjectNode candidate = NODES.objectNode();
        private final ObjectNode content = NODES.objectNode();
        private final ObjectNode likelihoods = NODES.objectNode();
        private final GeminiPartialCalls partial = new GeminiPartialCalls();
        private final GeminiJoinedParts parts;

        Gathered(Kept kept) {
            this.parts = new GeminiJoinedParts(kept);
        }

        void add(ObjectNode more) throws Garbled {
            for (var member : more.properties()) {
                String name = member.getKey();
                if (name.equals("content")) candidate.set(name, content);
                else if (name.equals(LIKELIHOODS)) addLikelihoods(member.getValue());
                else if (GROWING.contains(name)) candidate.set(name, grown(candidate.path(name), member.getValue()));
                else candidate.set(name, member.getValue());
            }
            for (var member : more.path("content").properties()) content.set(member.getKey(), member.getValue());
            Optional<ArrayNode> written = GeminiAnswer.parts(more);
            if (written.isPresent()) parts.add(partial.whole(written.get()));
        }

        private void addLikelihoods(JsonNode result) {
            if (!candidate.has(LIKELIHOODS)) candidate.set(LIKELIHOODS, likelihoods);
            for (var member : result.properties()) {
                String name = member.getKey();
                if (!(member.getValue() instanceof ArrayNode more)) likelihoods.set(name, member.getValue());
                else if (likelihoods.path(name) instanceof ArrayNode all) all.addAll(more);
                else likelihoods.putArray(name).addAll(more);
            }
        }

        ObjectNode whole() {
            if (content.has("parts")) content.set("parts", parts.whole());
            return candidate;
        }
    }

    /// What was said first, and what came to it.
    private static JsonNode grown(JsonNode before, JsonNode more) {
        if (before instanceof ArrayNode first && more instanceof ArrayNode then) {
            Set<JsonNode> all = new LinkedHashSet<>();
            first.forEach(all::add);
            then.forEach(all::add);
            return NODES.arrayNode().addAll(all);
        }
        if (!(before instanceof ObjectNode first && more instanceof ObjectNode then)) return more;
        ObjectNode both = NODES.objectNode().setAll(first);
        for (var member : then.properties()) {
            both.set(member.getKey(), grown(first.path(member.getKey()), member.getValue()));
        }
        return both;
    }
}
