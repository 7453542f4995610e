package dev.martlet.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.martlet.Dialect;
import dev.martlet.Operation.Kind;
import dev.martlet.Refusal;
import dev.martlet.Refused;
import dev.martlet.dialect.Finding.Check;
import dev.martlet.dialect.Finding.Outcome;
import dev.martlet.dialect.WireSchema.Document;
import dev.martlet.wire.SseEvent;
import dev.martlet.wire.SseReader;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Takes a recorded exchange through every way that there is for it.
final class Checks {
    static final List<Dialect> DIALECTS = List.of(Dialect.OPENAI, Dialect.ANTHROPIC, Dialect.GEMINI);

    /// Models that do not all take the same.
    private static final List<String> CLAUDES =
            List.of("claude-3-5-haiku-latest", "claude-sonnet-4-5", "claude-opus-4-6", "claude-opus-5-5");

    private static final Heading HEADING =
            new Heading("0123456789abcdef", 1_700_000_000, "as/the-caller:wrote-it", true);

    private final Exchange exchange;
    private final Dialect own;
    private final List<Finding> findings = new ArrayList<>();

    private Checks(Exchange exchange) {
        this.exchange = exchange;
        this.own = exchange.dialect();
    }

    static List<Finding> of(Exchange exchange) {
        Checks checks = new Checks(exchange);
        DIALECTS.stream().filter(other -> other != checks.own).forEach(checks::towards);
        checks.alone();
        return checks.findings;
    }

    /// A way through the code under test, and what is seen at its end; empty for nothing wrong.
    private interface Way {
        Optional<String> difference() throws Garbled;
    }

    private void note(Check check, Dialect other, Way way) {
        findings.add(new Finding(exchange, check, other, outcome(way)));
    }

    private static Outcome outcome(Way way) {
        try {
            Optional<String> difference = way.difference();
            return difference.isPresent() ? new Outcome.Different(difference.get()) : new Outcome.Same();
        } catch (Refused refused) {
            return refused.why() instanceof Refusal.BadRequest bad
                    ? new Outcome.Refused(bad.param().orElse(""), bad.message())
                    : new Outcome.Different("refused with " + refused.why());
        } catch (Garbled garbled) {
            return new Outcome.Different("garbled: " + garbled.getMessage());
        } catch (RuntimeException e) {
            return new Outcome.Different("threw " + e + " at " + place(e));
        }
    }

    private static String place(RuntimeException thrown) {
        return thrown.getStackTrace().length == 0 ? "?" : thrown.getStackTrace()[0].toString();
    }

    private void towards(Dialect other) {
        if (exchange.good()) {
            exchange.asked().ifPresent(asked -> note(Check.REQUEST, other, () -> request(asked, other)));
        }
        exchange.answer()
                .filter(answer -> sayable(Gist.of(own, answer), other))
                .ifPresent(answer -> answers(answer, other));
        if (saysSomething() && sayable(streamed(), other)) streams(other);
        if (exchange.status() >= 400 && Exchange.object(exchange.bytes()).isPresent()) {
            note(Check.ERROR, other, () -> error(other));
        }
    }

    /// Whether a caller of that dialect can have asked for it: Anthropic's have one choice.
    private static boolean sayable(Gist gist, Dialect caller) {
        return caller != Dialect.ANTHROPIC || gist.choices().size() <= 1;
    }

    private Optional<String> request(ObjectNode asked, Dialect channel) {
        if (channel != Dialect.ANTHROPIC)
            return invalid(channel, Document.REQUEST, sent(asked, channel, "their-model"));
        return CLAUDES.stream().flatMap(model -> forClaude(sent(asked, channel, model)).stream()).findFirst();
    }

    private JsonNode sent(ObjectNode asked, Dialect channel, String model) {
        return tree(Translation.between(own, channel).request(Kind.CHAT, asked, model, exchange.stream()).body());
    }

    private static Optional<String> forClaude(JsonNode request) {
        return invalid(Dialect.ANTHROPIC, Document.REQUEST, request).or(() -> AnthropicRules.broken(request));
    }

    private void answers(ObjectNode answer, Dialect other) {
        Gist before = Gist.of(own, answer);
        note(
                Check.ANSWER,
                other,
                () -> {
                    JsonNode there = tree(answered(exchange.bytes(), own, other));
                    return invalid(other, Document.ANSWER, there)
                            .or(() -> unnamed(other, there))
                            .or(() -> Gist.lost(own, before, other, Gist.of(other, there)));
                });
        note(
                Check.ANSWER_BACK,
                other,
                () -> {
                    JsonNode back = tree(answered(answered(exchange.bytes(), own, other), other, own));
                    return changed(before, other, Gist.of(own, back)).or(() -> worse(answer, back));
                });
    }

    /// What is wrong with an answer that nothing was wrong with before.
    private Optional<String> worse(JsonNode before, JsonNode after) {
        WireSchema schema = WireSchema.open(own, Document.ANSWER);
        return schema.fault(before).isPresent() ? Optional.empty() : schema.fault(after);
    }

    /// The hub has room for whatever the others say, and they have not for each other.
    private Optional<String> changed(Gist before, Dialect between, Gist after) {
        return between == Dialect.OPENAI ? before.difference(after) : Gist.lost(own, before, own, after);
    }

    private static byte[] answered(byte[] answer, Dialect channel, Dialect caller) throws Garbled {
        return Translation.between(caller, channel).answer(Kind.CHAT, answer, HEADING);
    }

    private void streams(Dialect other) {
        Gist before = streamed();
        note(
                Check.STREAM,
                other,
                () -> {
                    List<SseEvent> there = translated(sound(exchange.events()), own, other);
                    return invalid(other, there)
                            .or(() -> whole() ? StreamForm.fault(other, there) : Optional.empty())
                            .or(() -> Gist.lost(own, before, other, Gist.of(other, Exchange.data(there))));
                });
        if (whole()) {
            note(
                    Check.STREAM_COLLECTED,
                    other,
                    () -> {
                        JsonNode there = collected(translated(exchange.events(), own, other), other);
                        return invalid(other, Document.ANSWER, there)
                                .or(() -> unnamed(other, there))
                                .or(() -> Gist.lost(own, before, other, Gist.of(other, there)));
                    });
        }
        note(
                Check.STREAM_BACK,
                other,
                () -> {
                    List<SseEvent> back = translated(translated(sound(exchange.events()), own, other), other, own);
                    return changed(before, other, Gist.of(own, Exchange.data(back)));
                });
    }

    private static List<SseEvent> translated(List<SseEvent> events, Dialect channel, Dialect caller) throws Garbled {
        StreamTranslation way = Translation.between(caller, channel).stream(HEADING);
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        for (SseEvent event : events) way.next(event).forEach(written::writeBytes);
        way.end().forEach(written::writeBytes);
        return Exchange.events(written.toByteArray());
    }

    private Optional<String> error(Dialect caller) {
        Optional<byte[]> written = Translation.between(caller, own).error(exchange.status(), exchange.bytes());
        if (written.isEmpty()) return Optional.of("nothing was made of it");
        JsonNode there = tree(written.get());
        String message = tree(exchange.bytes()).path("error").path("message").asText();
        String said = there.path("error").path("message").asText();
        return invalid(caller, Document.ERROR, there)
                .or(() ->
                        said.isEmpty() || !said.contains(message)
                                ? Optional.of("the message is " + said)
                                : Optional.empty());
    }

    private void alone() {
        if (saysSomething() && whole()) note(Check.COLLECT, own, this::collected);
        exchange.answer().ifPresent(answer -> note(Check.UNFOLD, own, () -> unfolded(answer)));
    }

    private Optional<String> collected() throws Garbled {
        List<SseEvent> events = sound(exchange.events());
        JsonNode whole = collected(events, own);
        Optional<String> strange =
                strange(events).isPresent() // what its provider has in words of its own stays so
                        ? Optional.empty()
                        : WireSchema.open(own, Document.ANSWER).fault(whole);
        return strange.or(() -> Gist.of(own, Exchange.data(events)).difference(Gist.of(own, whole)));
    }

    private static JsonNode collected(List<SseEvent> events, Dialect dialect) throws Garbled {
        Collect collect = Idiom.of(dialect).collect();
        for (SseEvent event : events) {
            Optional<Event> read = Event.read(event);
            if (read.isPresent()) collect.add(read.get());
        }
        return collect.whole();
    }

    private Optional<String> unfolded(ObjectNode answer) throws Garbled {
        Collect collect = Idiom.of(own).collect();
        List<SseEvent> events = new ArrayList<>();
        boolean sound = WireSchema.open(own, Document.ANSWER).fault(answer).isEmpty();
        for (Event event : Idiom.of(own).unfold(answer)) {
            collect.add(event);
            byte[] written = event.written();
            if (written.length < SseReader.EVENT_BYTES_MAX) events.addAll(Exchange.events(written));
            else sound = false; // an image, larger than what is read of others
        }
        Optional<String> wrong = sound ? strange(events).or(() -> StreamForm.fault(own, events)) : Optional.empty();
        return wrong.isPresent() ? wrong : Trees.difference(inOrder(answer), collect.whole());
    }

    /// Without what belongs into a stream (Perplexity writes a delta, Mistral the index of a call), with what belongs into an
    /// answer and some leave out (Z.ai, Mistral), and with text where Cloudflare has the JSON that it is of.
    private static JsonNode inOrder(JsonNode answer) {
        ObjectNode kept = answer.deepCopy();
        if (kept.has("choices") && !kept.has("object")) kept.put("object", "chat.completion");
        for (JsonNode choice : kept.path("choices")) {
            ((ObjectNode) choice).remove("delta");
            if (choice.path("message") instanceof ObjectNode message) complete(message);
        }
        return kept;
    }

    private static void complete(ObjectNode message) {
        if (message.path("content").isObject()) message.put("content", message.path("content").toString());
        int place = 0;
        for (JsonNode one : message.path("tool_calls")) {
            ObjectNode call = (ObjectNode) one;
            call.remove("index");
            if (!call.hasNonNull("type")) call.put("type", "function");
            if (!call.hasNonNull("id")) call.put("id", "call_" + place);
            place++;
        }
    }

    private Optional<String> strange(List<SseEvent> events) {
        WireSchema schema = WireSchema.open(own, Document.EVENT);
        return Exchange.data(events).stream().flatMap(event -> schema.fault(event).stream()).findFirst();
    }

    /// The events before the first that is an error: there the gateway ends the stream in its own words.
    private static List<SseEvent> sound(List<SseEvent> events) {
        return events.stream()
                .takeWhile(event -> Exchange.data(List.of(event)).stream().noneMatch(data -> data.hasNonNull("error")))
                .toList();
    }

    /// Whether it is a stream of which the recorder kept more than the end.
    private boolean saysSomething() {
        return exchange.streams() && !streamed().choices().isEmpty();
    }

    /// Whether it came to its end: no error, and a reason for the end of each choice.
    private boolean whole() {
        boolean finished = streamed().choices().values().stream().noneMatch(choice -> choice.finish().isEmpty());
        return finished && sound(exchange.events()).size() == exchange.events().size();
    }

    /// What a stream says; one that breaks off has not counted to the end.
    private Gist streamed() {
        List<SseEvent> events = exchange.events();
        List<SseEvent> sound = sound(events);
        Gist gist = Gist.of(own, Exchange.data(sound));
        return sound.size() == events.size() ? gist : gist.uncounted();
    }

    private static Optional<String> invalid(Dialect dialect, Document document, JsonNode tree) {
        return WireSchema.of(dialect, document).fault(tree).map(fault -> "invalid: " + fault);
    }

    private static Optional<String> invalid(Dialect dialect, List<SseEvent> events) {
        for (JsonNode event : Exchange.data(events)) {
            Optional<String> fault = invalid(dialect, Document.EVENT, event);
            if (fault.isPresent()) return fault;
        }
        return Optional.empty();
    }

    private static Optional<String> unnamed(Dialect dialect, JsonNode answer) {
        JsonNode named = answer.path(dialect == Dialect.GEMINI ? "modelVersion" : "model");
        return named.asText().equals(HEADING.model()) ? Optional.empty() : Optional.of("the model is " + named);
    }

    private static JsonNode tree(byte[] json) {
        return Exchange.object(json)
                .orElseThrow(() -> new IllegalStateException("no JSON object: " + new String(json, UTF_8)));
    }
}
