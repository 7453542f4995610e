package dev.martlet.dialect;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.martlet.Fields;
import dev.martlet.Operation;
import dev.martlet.Refusal.BadRequest;
import dev.martlet.Refused;
import dev.martlet.dialect.Heading.Form;
import dev.martlet.wire.Json;
import dev.martlet.wire.Json.Members;
import dev.martlet.wire.Json.Names;
import dev.martlet.wire.Json.Value;
import dev.martlet.wire.JsonTree;

import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// What the JSON body of a call on the OpenAI surface asks for, and that body as an upstream gets it: the same bytes, but for
/// the model's name and the wish for a count of tokens.
public final class RequestReading {
    private static final String MODEL = "model";
    private static final String STREAM = "stream";
    private static final String STREAM_OPTIONS = "stream_options";
    private static final String INCLUDE_USAGE = "include_usage";
    private static final String MESSAGES = "messages";
    private static final String TOOLS = "tools";
    private static final String FUNCTIONS = "functions";
    private static final String ENCODING_FORMAT = "encoding_format";
    private static final Names TOP =
            Names.of(
                    MODEL,
                    STREAM,
                    STREAM_OPTIONS,
                    Affinity.CACHE_KEY,
                    Affinity.METADATA,
                    MESSAGES,
                    TOOLS,
                    FUNCTIONS,
                    ENCODING_FORMAT);
    private static final Names OPTIONS = Names.of(INCLUDE_USAGE);

    private static final byte[] TRUE = bytes("true");
    private static final byte[] FALSE = bytes("false");
    private static final byte[] NULL = bytes("null");
    private static final byte[] ASKED = bytes("\"include_usage\":true");
    private static final byte[] OPTIONS_ASKED = bytes("{\"include_usage\":true}");
    private static final String MEMBER_ASKED = "\"stream_options\":{\"include_usage\":true},";
    private static final String STREAMED = "\"stream\":true,";

    private final byte[] json;
    private final int from;
    private final Operation operation;
    private final Members members;
    private final String model;
    private final boolean stream;
    private final Members options;
    private final OptionalLong affinity;

    private RequestReading(Operation operation, byte[] json, Json document, Fields head) {
        this.json = json;
        this.from = document.root().span().from();
        this.operation = operation;
        this.members = document.members();
        this.model = model(members, operation);
        this.stream = stream(members);
        this.options = options(members);
        this.affinity = Affinity.of(members, head, json);
    }

    /// Reads a body.
    ///
    /// @param head the fields of the request: one may say which conversation it belongs to
    /// @throws Refused with a [BadRequest] that names the field, and never repeats what stands in it
    public static RequestReading of(Operation operation, byte[] json, Fields head) {
        Json document = Json.read(json, TOP);
        document.fault().ifPresent(fault -> refuse(fault.reason(), fault.offset()));
        document.half().ifPresent(offset -> refuse("half of a surrogate pair", offset));
        if (!document.root().is(Json.Kind.OBJECT)) {
            throw refused("invalid_json", "The body is JSON, but not an object", Optional.empty());
        }
        refuseUnclear(document.members(), "");
        return new RequestReading(operation, json, document, head);
    }

    private static void refuse(String reason, int offset) {
        throw refused("invalid_json", "The body is not JSON: " + reason + ", at byte " + offset, Optional.empty());
    }

    /// As the caller wrote it; what OpenAI takes when it may be left out and was.
    public String model() {
        return model;
    }

    /// Whether the answer is to come event by event.
    public boolean stream() {
        return stream;
    }

    /// Whether the caller wants the count of tokens at the end of a stream.
    public boolean usageAsked() {
        return options.find(INCLUDE_USAGE).filter(Value::isTrue).isPresent();
    }

    /// Whether a stream can be made to end with a count of tokens that the caller has not asked for.
    public boolean canAskForUsage() {
        return operation.kind().streams() && !usageAsked();
    }

    /// Other than the usual ones in which something of the answer is to be written.
    public Set<Form> forms() {
        Set<Form> forms = EnumSet.noneOf(Form.class);
        if (members.find(ENCODING_FORMAT).filter(value -> value.says("base64")).isPresent()) {
            forms.add(Form.VECTORS_IN_BASE64);
        }
        if (says(FUNCTIONS) && !says(TOOLS)) forms.add(Form.FUNCTION_CALL);
        return forms;
    }

    private boolean says(String name) {
        return members.find(name).filter(value -> !value.isEmpty()).isPresent();
    }

    /// The same for calls that belong together; empty when that would bring nothing.
    public OptionalLong affinity() {
        return affinity;
    }

    /// All that the body says.
    public ObjectNode tree() {
        return JsonTree.read(json)
                .filter(ObjectNode.class::isInstance)
                .map(ObjectNode.class::cast)
                .orElseThrow(() -> refused("invalid_json", "The body cannot be read", Optional.empty()));
    }

    /// How an upstream is asked.
    ///
    /// @param model       what the model is called there; a body that names none stays without
    /// @param stream      whether the answer is to come event by event
    /// @param injectUsage whether a stream is to end with a count of tokens also when the caller did not ask for it
    public record Wording(String model, boolean stream, boolean injectUsage) {}

    /// The body for an upstream: the same bytes, but for what the wording changes and what accompanies turns that were
    /// answered in another dialect.
    public byte[] body(Wording wording) {
        Edits edits = new Edits(json);
        if (!wording.model().equals(model)) {
            members.find(MODEL).ifPresent(value -> edits.replace(value.span(), Json.string(wording.model())));
        }
        members.find(MESSAGES).ifPresent(value -> OtherTurns.leaveOut(value, json, wording.model(), edits));
        String begin = "";
        if (wording.stream() != stream) begin += askForStream(wording.stream(), edits);
        if (wording.stream() && wording.injectUsage() && canAskForUsage()) begin += askForUsage(edits);
        if (!begin.isEmpty()) edits.insert(from + 1, bytes(begin));
        return edits.bytes();
    }

    /// @return what has to be added in front of all members
    private String askForStream(boolean wanted, Edits edits) {
        Optional<Value> said = members.find(STREAM);
        said.ifPresent(value -> edits.replace(value.span(), wanted ? TRUE : FALSE));
        if (!wanted) members.find(STREAM_OPTIONS).ifPresent(value -> edits.replace(value.span(), NULL));
        return wanted && said.isEmpty() ? STREAMED : "";
    }

    /// What is neither an object nor `null` stays: the upstream says what is wrong with it.
    ///
    /// @return what has to be added in front of all members
    private String askForUsage(Edits edits) {
        Optional<Value> asked = members.find(STREAM_OPTIONS);
        if (asked.isEmpty()) return MEMBER_ASKED;
        Value value = asked.get();
        Optional<Value> said = options.find(INCLUDE_USAGE);
        if (value.is(Json.Kind.NULL)) {
            edits.replace(value.span(), OPTIONS_ASKED);
        } else if (said.isPresent()) {
            boolean mayChange = said.get().is(Json.Kind.BOOLEAN) || said.get().is(Json.Kind.NULL);
            if (mayChange) edits.replace(said.get().span(), TRUE);
        } else if (value.is(Json.Kind.OBJECT)) {
            edits.insert(value.span().from() + 1, value.isEmpty() ? ASKED : bytes("\"include_usage\":true,"));
        }
        return "";
    }

    private static String model(Members members, Operation operation) {
        Optional<Value> value = members.find(MODEL);
        if (value.isEmpty()) return Models.whenAbsent(operation);
        return Models.checked(value.get().text().orElseThrow(() -> wrongType(MODEL, "a string")));
    }

    private static boolean stream(Members members) {
        Optional<Value> value = members.find(STREAM).filter(given -> !given.is(Json.Kind.NULL));
        if (value.isEmpty()) return false;
        if (!value.get().is(Json.Kind.BOOLEAN)) throw wrongType(STREAM, "a boolean");
        return value.get().isTrue();
    }

    private static Members options(Members members) {
        Members options = members.find(STREAM_OPTIONS).map(value -> value.members(OPTIONS)).orElseGet(OPTIONS::none);
        refuseUnclear(options, STREAM_OPTIONS + ".");
        return options;
    }

    /// Two of a name: who reads the first, or cares for capitals, is told something else than who reads the last.
    private static void refuseUnclear(Members members, String path) {
        members.unclear()
                .ifPresent(name -> {
                    String field = path + name;
                    throw refused(
                            "duplicate_key",
                            "The body has more than one `" + field + "`, or one with capital letters",
                            Optional.of(field));
                });
    }

    private static Refused wrongType(String field, String expected) {
        return refused("invalid_type", "Invalid type for '" + field + "': expected " + expected, Optional.of(field));
    }

    static Refused refused(String code, String message, Optional<String> param) {
        return new Refused(new BadRequest(code, message, param));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
