package dev.martlet.dialect;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.martlet.Dialect;
import dev.martlet.Fields;
import dev.martlet.Operation;
import dev.martlet.wire.JsonTree;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The way between the dialect of a caller and that of a channel. Where both are the same nothing changes but what an
/// upstream that streams always or never makes necessary.
public final class Translation {
    private static final Map<Dialect, Idiom> IDIOMS =
            Stream.of(Dialect.OPENAI, Dialect.ANTHROPIC, Dialect.GEMINI)
                    .collect(Collectors.toUnmodifiableMap(dialect -> dialect, Idiom::of));

    private final Idiom caller;
    private final Idiom channel;

    private Translation(Idiom caller, Idiom channel) {
        this.caller = caller;
        this.channel = channel;
    }

    public static Translation between(Dialect caller, Dialect channel) {
        return new Translation(idiom(caller), idiom(channel));
    }

    /// In which dialects a call can be asked: the caller's own, then those that it can be put in.
    public static List<Dialect> dialects(Dialect caller, Operation.Kind kind) {
        List<Dialect> dialects = new ArrayList<>(IDIOMS.size());
        dialects.add(caller);
        if (!idiom(caller).has(kind)) return dialects;
        for (Dialect other : Dialect.values()) {
            boolean understands = other != caller && IDIOMS.containsKey(other) && idiom(other).has(kind);
            if (understands) dialects.add(other);
        }
        return dialects;
    }

    private static Idiom idiom(Dialect dialect) {
        Idiom idiom = IDIOMS.get(dialect);
        if (idiom == null) throw new IllegalArgumentException(dialect.word() + " is not translated");
        return idiom;
    }

    /// A request as the channel gets it.
    ///
    /// @param path    below the version part of the channel's base URL, with its query if it has one
    /// @param dropped the fields of the caller's request that have no counterpart, by their paths
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    public record Translated(String path, byte[] body, List<String> dropped) {
        public Translated {
            dropped = List.copyOf(dropped);
        }
    }

    /// The fields that belong to every request to the channel.
    public Fields fields() {
        return channel.fields();
    }

    /// Translates a request.
    ///
    /// @param asked         the caller's body
    /// @param upstreamModel what the model is called there
    /// @param stream        whether the channel is to answer event by event
    /// @throws dev.martlet.Refused if it would mean something else there
    public Translated request(Operation.Kind kind, ObjectNode asked, String upstreamModel, boolean stream) {
        Losses losses = new Losses();
        Inquiry inquiry = new Inquiry(kind, upstreamModel, stream, asked);
        Inquiry there = channel.fromHub(caller.toHub(inquiry, losses), losses);
        return new Translated(channel.path(there), JsonTree.write(there.body()), losses.dropped());
    }

    /// Whether nothing changes but what an upstream that streams always or never makes necessary.
    public boolean isSame() {
        return caller.equals(channel);
    }

    /// A whole answer as the caller gets it.
    public byte[] answer(Operation.Kind kind, byte[] answer, Heading heading) throws Garbled {
        return JsonTree.write(answered(kind, object(answer), heading));
    }

    /// A whole answer as the events that the caller gets in its place.
    public List<byte[]> unfolded(Operation.Kind kind, byte[] answer, Heading heading) throws Garbled {
        ObjectNode whole = answered(kind, object(answer), heading);
        if (caller instanceof OpenAi && !heading.usageAsked()) whole.remove("usage"); // others always tell
        return caller.unfold(whole).stream().map(Event::written).toList();
    }

    /// Makes one answer of a stream of the channel.
    public Gathering gathering() {
        return new Gathering(channel.collect());
    }

    private ObjectNode answered(Operation.Kind kind, ObjectNode answer, Heading heading) throws Garbled {
        if (!isSame()) return caller.answerFromHub(kind, channel.answerToHub(kind, answer, heading), heading);
        if (answer.has("model")) answer.put("model", heading.model());
        return answer;
    }

    /// The body of an error as the caller gets it; empty when the provider's cannot be read.
    ///
    /// @param status 400 or more
    public Optional<byte[]> error(int status, byte[] error) {
        return JsonTree.read(error)
                .map(tree -> tree.isArray() && !tree.isEmpty() ? tree.get(0) : tree)
                .filter(ObjectNode.class::isInstance)
                .map(ObjectNode.class::cast)
                .map(tree -> JsonTree.write(caller.errorFromHub(status, channel.errorToHub(status, tree))));
    }

    /// The way for a stream that the caller gets as one.
    public StreamTranslation stream(Heading heading) {
        return new StreamTranslation(channel.streamToHub(heading).then(caller.streamFromHub(heading)));
    }

    private static ObjectNode object(byte[] answer) throws Garbled {
        return JsonTree.read(answer)
                .filter(ObjectNode.class::isInstance)
                .map(ObjectNode.class::cast)
                .orElseThrow(() -> new Garbled("the answer is no JSON object"));
    }
}
