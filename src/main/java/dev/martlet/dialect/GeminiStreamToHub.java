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

/// A stream of Gemini's as chunks of the hub. Gemini does not say that it is at its end: it is when every candidate that
/// began has its reason, and nothing more comes: some go on after their reason (where code is run more than once), and it is
/// said only then.
///
/// Parts for which the hub has no word pass as they came, with their choice (`choices[].extra_content.google.parts`); all
/// parts accompany the end then, as they would a whole answer.
final class GeminiStreamToHub implements Fold {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final Heading heading;
    private final ObjectNode head;
    private final Map<Integer, Voice> voices = new TreeMap<>();
    private final Kept kept = new Kept();
    private final ObjectNode known = NODES.objectNode();
    private ObjectNode news = NODES.objectNode();
    private Optional<ObjectNode> usage = Optional.empty();
    private boolean failed;

    /// One candidate, as far as it has come.
    private final class Voice {
        private final int index;
        private final GeminiParts parts;
        private final GeminiPartialCalls partial = new GeminiPartialCalls();
        private final GeminiJoinedParts joined = new GeminiJoinedParts(kept);
        private boolean begun;
        private boolean usual = true;
        private Optional<String> reason = Optional.empty();
        private final ObjectNode late = NODES.objectNode();
        private JsonNode grounding = NODES.missingNode();
        private Optional<JsonNode> extra = Optional.empty();

        Voice(int index) {
            this.index = index;
            this.parts = new GeminiParts(heading.id(), index, true);
        }

        private void say(ArrayNode pieces, List<ObjectNode> choices) throws Garbled {
            ArrayNode written = partial.whole(pieces);
            ObjectNode delta = delta();
            boolean sayable = parts.say(written, delta);
            usual &= sayable;
            joined.add(written);
            JsonNode late = delta.remove("extra_content");
            if (sayable && late != null) extra = Optional.of(late);
            if (delta.isEmpty() && sayable) return;
            if (!sayable) saySignature(choices);
            ObjectNode choice = choice(delta);
            if (!sayable) GeminiParts.google(choice).set("parts", written);
            choices.add(choice);
        }

        /// A signature is for what comes before it.
        private void saySignature(List<ObjectNode> choices) {
            extra.ifPresent(late -> choices.add(choice(NODES.objectNode().set("extra_content", late))));
            extra = Optional.empty();
        }

        /// The first says whose turn it is.
        private ObjectNode delta() {
            ObjectNode delta = NODES.objectNode();
            if (!begun) delta.put("role", "assistant").put("content", "").putNull("refusal");
            begun = true;
            return delta;
        }

        private ObjectNode choice(ObjectNode delta) {
            ObjectNode choice = NODES.objectNode().put("index", index);
            choice.set("delta", delta);
            return choice.putNull("finish_reason");
        }

        List<ObjectNode> take(ObjectNode candidate) throws Garbled {
            List<ObjectNode> choices = new ArrayList<>(2);
            Optional<ArrayNode> written = GeminiAnswer.parts(candidate);
            if (written.isPresent()) say(written.get(), choices);
            else if (!begun) choices.add(choice(delta()));
            JsonNode logprobs = GeminiLogprobs.toHub(candidate.path("logprobsResult"));
            if (!logprobs.isNull()) last(choices).set("logprobs", logprobs);
            if (candidate.has("groundingMetadata")) grounding = candidate.path("groundingMetadata");
            Optional<String> now = GeminiFinish.of(candidate);
            ObjectNode accompanying = GeminiAnswer.othersOfCandidate(candidate, parts.haveCalls());
            if (now.isPresent()) end(now.get(), accompanying);
            else if (!accompanying.isEmpty()) GeminiParts.google(last(choices)).setAll(accompanying);
            return choices;
        }

        private ObjectNode last(List<ObjectNode> choices) {
            if (choices.isEmpty()) choices.add(choice(delta()));
            return choices.getLast();
        }

        /// The last word counts, with all that came with any.
        void end(String word, ObjectNode accompanying) {
            reason = Optional.of(word);
            late.remove("finish_reason");
            late.setAll(accompanying);
        }

        ObjectNode finish() {
            ObjectNode delta = NODES.objectNode();
            ArrayNode annotations = GeminiGrounding.annotations(grounding, joined);
            if (!annotations.isEmpty()) delta.set("annotations", annotations);
            extra.ifPresent(late -> delta.set("extra_content", late));
            if (!usual) GeminiParts.google(delta).set("parts", joined.whole());
            String word = GeminiFinish.toHub(reason.orElseThrow(), parts.haveCalls());
            ObjectNode choice = choice(delta).put("finish_reason", word);
            if (!late.isEmpty()) GeminiParts.google(choice).setAll(late);
            return choice;
        }
    }

    GeminiStreamToHub(Heading heading) {
        this.heading = heading;
        this.head = GeminiAnswer.heading(heading, "chat.completion.chunk");
    }

    @Override
    public List<Event> next(Event event) throws Garbled {
        ObjectNode data = event.data();
        if (failed || event.isDone()) return List.of();
        if (GeminiErrors.isOne(data) && !finished()) {
            failed = true;
            return List.of(Event.of(GeminiErrors.eventToHub(data)));
        }
        if (data.path("usageMetadata") instanceof ObjectNode counted) usage = Optional.of(counted);
        note(data);
        List<Event> events = new ArrayList<>(2);
        ArrayNode candidates = GeminiAnswer.candidates(data);
        for (int i = 0; i < candidates.size(); i++) {
            ObjectNode candidate = Shape.object(candidates.get(i), "a candidate");
            Voice voice = voices.computeIfAbsent(GeminiAnswer.index(candidate, i), Voice::new);
            for (ObjectNode choice : voice.take(candidate)) events.add(chunk(choice));
        }
        if (GeminiAnswer.isBlocked(data) && voices.isEmpty()) block(events);
        return events;
    }

    /// What stands beside the candidates is said once, unless it changes.
    private void note(ObjectNode data) throws Garbled {
        for (var member : GeminiAnswer.others(data).properties()) {
            if (member.getValue().equals(known.path(member.getKey()))) continue;
            kept.add(member.getValue());
            known.set(member.getKey(), member.getValue());
            news.set(member.getKey(), member.getValue());
        }
    }

    private void block(List<Event> events) {
        Voice voice = voices.computeIfAbsent(0, Voice::new);
        events.add(chunk(voice.choice(voice.delta())));
        voice.end("SAFETY", NODES.objectNode());
    }

    private Event chunk(ObjectNode choice) {
        ObjectNode chunk = NODES.objectNode().setAll(head);
        chunk.putArray("choices").add(choice);
        if (!news.isEmpty()) {
            chunk.putObject("extra_content").set("google", news);
            news = NODES.objectNode();
        }
        return Event.of(chunk);
    }

    @Override
    public List<Event> end() {
        if (failed || !finished()) return List.of();
        List<Event> events = new ArrayList<>(3);
        for (Voice voice : voices.values()) events.add(chunk(voice.finish()));
        if (heading.usageAsked()) usage.ifPresent(counted -> events.add(Event.of(counted(counted))));
        events.add(Event.DONE);
        return events;
    }

    private boolean finished() {
        return !voices.isEmpty() && voices.values().stream().allMatch(voice -> voice.reason.isPresent());
    }

    private ObjectNode counted(ObjectNode metadata) {
        ObjectNode chunk = NODES.objectNode().setAll(head);
        chunk.putArray("choices");
        return chunk.set("usage", GeminiUsage.toHub(metadata));
    }
}
