package dev.martlet.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Chunks of the hub as events of Gemini's, of which each has the form of an answer. Calls of functions come whole. What comes
/// last waits for the count of tokens that the hub has behind it, and the reason for the end: some say it and go on.
final class GeminiStreamFromHub implements Fold {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final Heading heading;
    private final Map<Integer, Voice> voices = new TreeMap<>();
    private Optional<ObjectNode> waiting = Optional.empty();
    private Optional<ObjectNode> usage = Optional.empty();
    private String responseId;
    private boolean blocked;
    private boolean over;

    /// One candidate, as far as it has come.
    private static final class Voice {
        private final HubCalls calls = new HubCalls();
        private final GeminiGrounding.Pages pages = new GeminiGrounding.Pages();
        private boolean begun;
        private boolean grounded;
        private Optional<String> reason = Optional.empty();

        /// The candidate of an event; empty when there is nothing to say.
        Optional<ObjectNode> take(ObjectNode choice, int index) throws Garbled {
            ArrayNode parts = parts(choice);
            addCalls(parts, false);
            reason = GeminiFinish.fromHub(choice).or(() -> reason);
            ObjectNode candidate = NODES.objectNode();
            if (!parts.isEmpty()) candidate.putObject("content").put("role", "model").set("parts", parts);
            GeminiLogprobs.fromHub(choice.path("logprobs"))
                    .ifPresent(result -> candidate.set("logprobsResult", result));
            GeminiAnswer.addOthers(choice, candidate);
            pages.add(choice.path("delta").path("annotations"));
            grounded |= candidate.has(GeminiAnswer.GROUNDING);
            begun |= !parts.isEmpty();
            return candidate.isEmpty() ? Optional.empty() : Optional.of(candidate.put("index", index));
        }

        /// Says in the last candidate what was held back.
        void end(ObjectNode candidate, int index) throws Garbled {
            ArrayNode parts = NODES.arrayNode();
            addCalls(parts, true);
            if (!parts.isEmpty()) {
                ObjectNode content = candidate.withObjectProperty("content").put("role", "model");
                content.withArrayProperty("parts").addAll(parts);
            }
            candidate.put("finishReason", reason.orElse("STOP")).put("index", index);
            pages.metadata().filter(_ -> !grounded).ifPresent(cited -> candidate.set(GeminiAnswer.GROUNDING, cited));
        }

        /// The calls that are whole, one after the other.
        ///
        /// @param all whether nothing more comes: the rest is then as whole as it gets
        private void addCalls(ArrayNode parts, boolean all) throws Garbled {
            for (Optional<HubCalls.Call> call = calls.next(); call.isPresent(); call = calls.next()) {
                if (!all && !(call.get().isNamed() && call.get().isWhole())) return;
                parts.add(GeminiContent.call(call.get()));
                calls.pass();
            }
        }

        /// What a delta says, or what came from Gemini in its place.
        private ArrayNode parts(ObjectNode choice) throws Garbled {
            JsonNode delta = choice.path("delta");
            JsonNode written = GeminiContent.google(choice).path("parts");
            if (!written.isArray() && !begun) written = GeminiContent.google(delta).path("parts");
            if (written instanceof ArrayNode verbatim) return NODES.arrayNode().addAll(verbatim);
            calls.take(delta);
            return GeminiContent.said(delta);
        }
    }

    GeminiStreamFromHub(Heading heading) {
        this.heading = heading;
        this.responseId = heading.id();
    }

    @Override
    public List<Event> next(Event event) throws Garbled {
        if (over) return List.of();
        if (event.isDone()) return last();
        ObjectNode chunk = event.data();
        if (GeminiErrors.isOne(chunk) && !finished()) {
            over = true;
            return List.of(Event.of(GeminiErrors.eventFromHub(chunk)));
        }
        if (HubText.usage(chunk) instanceof ObjectNode counted) usage = Optional.of(counted);
        JsonNode others = chunk.path("extra_content").path("google");
        responseId = Shape.some(others.path("responseId")).orElse(responseId);
        blocked |= GeminiAnswer.isBlocked(others);
        ObjectNode answer = NODES.objectNode();
        ArrayNode candidates = candidates(chunk);
        if (!candidates.isEmpty()) answer.set("candidates", candidates);
        GeminiAnswer.add(others, answer);
        return answer.isEmpty() ? List.of() : said(answer, candidates);
    }

    private ArrayNode candidates(ObjectNode chunk) throws Garbled {
        ArrayNode candidates = NODES.arrayNode();
        for (JsonNode one : chunk.path("choices")) {
            ObjectNode choice = Shape.object(one, "a choice");
            int index = GeminiAnswer.index(choice, 0);
            Voice voice = voices.computeIfAbsent(index, _ -> new Voice());
            Optional<ObjectNode> candidate = voice.take(choice, index);
            if (candidate.isPresent() && !isBlocked(voice)) candidates.add(candidate.get());
        }
        return candidates;
    }

    /// An event, behind the one that waited. It waits itself if it may be the last.
    private List<Event> said(ObjectNode answer, ArrayNode candidates) {
        List<Event> events = new ArrayList<>(2);
        waiting.ifPresent(before -> events.add(event(before)));
        boolean last = !candidates.isEmpty() && finished();
        waiting = last ? Optional.of(answer) : Optional.empty();
        if (!last) events.add(event(answer));
        return events;
    }

    private boolean isBlocked(Voice voice) {
        return blocked && !voice.begun;
    }

    private boolean finished() {
        return !voices.isEmpty() && voices.values().stream().allMatch(voice -> voice.reason.isPresent());
    }

    private Event event(ObjectNode answer) {
        return Event.of(answer.put("modelVersion", heading.model()).put("responseId", responseId));
    }

    @Override
    public List<Event> end() throws Garbled {
        return over || !finished() ? List.of() : last();
    }

    /// What is still owed at an end that was reached, by those too who did not say why (Novita).
    private List<Event> last() throws Garbled {
        over = true;
        ObjectNode answer = waiting.orElseGet(NODES::objectNode);
        for (Map.Entry<Integer, Voice> one : voices.entrySet()) {
            if (!isBlocked(one.getValue())) one.getValue().end(candidate(answer, one.getKey()), one.getKey());
        }
        usage.ifPresent(counted -> answer.set("usageMetadata", GeminiUsage.fromHub(counted)));
        return answer.isEmpty() ? List.of() : List.of(event(answer));
    }

    private static ObjectNode candidate(ObjectNode answer, int index) {
        ArrayNode candidates = answer.withArrayProperty("candidates");
        for (JsonNode candidate : candidates) {
            if (candidate.path("index").asInt() == index) return (ObjectNode) candidate;
        }
        return candidates.addObject();
    }
}
