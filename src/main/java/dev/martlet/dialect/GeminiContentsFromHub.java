package dev.martlet.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.martlet.wire.JsonTree;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A conversation of the hub in the words of Google: system text apart, then turns of user and model.
final class GeminiContentsFromHub {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /// Google's own word for a call that has no signature because another model made it
    /// (ai.google.dev, "Thought signatures").
    private static final String UNSIGNED = "skip_thought_signature_validator";

    private static final String SIGNATURE = "thoughtSignature";

    /// What an earlier answer had beside its words, and goes back to Google in its own parts only.
    private static final List<String> UNSAYABLE = List.of("images", "reasoning_content", "annotations");

    /// What a user says where Google wants one to speak and none did.
    private static final String NOTHING = ".";

    /// Whole numbers of more bits are not themselves as doubles.
    private static final int DOUBLE_BITS = 53;

    private final Given conversation;
    private final GeminiModel model;
    private final Losses losses;
    private final OpenAiCalls calls = new OpenAiCalls();
    private final ArrayNode system = NODES.arrayNode();
    private final List<ObjectNode> told = new ArrayList<>(0);
    private final Map<String, Integer> order = new HashMap<>();
    private final List<Result> results = new ArrayList<>();
    private final List<JsonNode> files = new ArrayList<>();
    private final ArrayNode contents = NODES.arrayNode();
    private String speaker = "";
    private ArrayNode turn = NODES.arrayNode();

    /// The result of a function.
    ///
    /// @param place of the call among all calls
    private record Result(int place, ObjectNode part) {}

    GeminiContentsFromHub(Given conversation, GeminiModel model, Losses losses) {
        this.conversation = conversation;
        this.model = model;
        this.losses = losses;
    }

    /// Adds to the system text what no field can say.
    void tell(String text) {
        told.add(text(text));
    }

    void writeTo(ObjectNode body) {
        List<Given> messages = conversation.list();
        int asked = messages.size() - 1;
        while (asked >= 0 && !asks(messages.get(asked))) asked--;
        for (int i = 0; i < messages.size(); i++) add(messages.get(i), i > asked);
        addResults();
        if (contents.isEmpty()) beginWithSystem();
        if (messages.isEmpty()) throw conversation.wrong("an array of at least one message");
        if (contents.isEmpty()) turn("user").add(text("")); // Gemini answers also to nothing
        system.addAll(told);
        if (!model.takesSystemText()) beginWithSystem();
        boolean called = !isUser(contents.get(0)) && contents.get(0).findValue("functionCall") != null;
        if (called) begin(NODES.arrayNode().add(text(NOTHING)));
        if (speaker.equals("model") && !model.continuesItself()) turn("user").add(text(NOTHING));
        body.set("contents", contents);
        if (!system.isEmpty()) body.putObject("systemInstruction").set("parts", system);
    }

    private static boolean asks(Given message) {
        return message.at("role").says("user") && message.at("content").asksForSomething();
    }

    /// @param current whether the user has said nothing since
    private void add(Given message, boolean current) {
        OpenAiMessages.dropOthers(message, losses);
        dropCaching(message);
        String role = message.at("role").text().orElse("");
        if (!role.equals("tool") && !role.equals("function")) addResults();
        switch (role) {
            case "system", "developer" -> system.addAll(parts(message));
            case "user" -> addAll("user", parts(message));
            case "assistant" -> addModel(message, current);
            case "tool", "function" -> addResult(message);
            default -> throw message.at("role").wrong("assistant, developer, system, tool or user");
        }
    }

    private void addModel(Given message, boolean current) {
        List<Given> called = OpenAiMessages.calls(message);
        Given own = message.at("extra_content").at("google");
        if (own.at("parts").value() instanceof ArrayNode parts && !parts.isEmpty()) {
            called.forEach(this::called);
            addAll("model", current ? signed(parts) : parts);
            return;
        }
        OpenAiMessages.dropForeign(message, "google", losses);
        for (String name : UNSAYABLE) {
            if (message.at(name).asksForSomething()) losses.drop(message.at(name).path());
        }
        if (message.at("audio").isPresent()) throw losses.refused(message.at("audio").path(), "it is kept elsewhere");
        addAll("model", said(message, own.at("thought_signature").text()));
        ArrayNode parts = NODES.arrayNode();
        for (Given call : called) parts.add(call(call));
        addAll("model", current ? signed(parts) : parts);
    }

    /// Parts of which the first call of a function has a signature, where the model wants one.
    private ArrayNode signed(ArrayNode parts) {
        if (!model.wantsSignatures()) return parts;
        for (int i = 0; i < parts.size(); i++) {
            if (!parts.get(i).has("functionCall")) continue;
            if (parts.get(i).has(SIGNATURE) || !(parts.get(i) instanceof ObjectNode call)) return parts;
            ArrayNode signed = NODES.arrayNode().addAll(parts);
            signed.set(i, call.deepCopy().put(SIGNATURE, UNSIGNED));
            return signed;
        }
        return parts;
    }

    private List<ObjectNode> said(Given message, Optional<String> signature) {
        List<ObjectNode> said = parts(message);
        Optional<String> refusal = message.at("refusal").text().filter(text -> !text.isEmpty());
        if (said.isEmpty()) refusal.ifPresent(text -> said.add(text(text)));
        if (signature.isEmpty()) return said;
        if (said.isEmpty()) said.add(text(""));
        said.getLast().put(SIGNATURE, signature.get());
        return said;
    }

    private ObjectNode call(Given call) {
        OpenAiMessages.dropForeign(call, "google", losses);
        dropCaching(call);
        ObjectNode arguments = OpenAiMessages.arguments(call);
        ObjectNode part = GeminiContent.functionCall(known(called(call)), OpenAiMessages.name(call), arguments);
        Given signature = call.at("extra_content").at("google").at("thought_signature");
        signature.text().ifPresent(text -> part.put(SIGNATURE, text));
        return part;
    }

    private String called(Given call) {
        String id = calls.called(call);
        order.put(id, order.size());
        return id;
    }

    /// The id as the model may get it; empty for none.
    private String known(String id) {
        return model.knowsCallIds() ? GeminiCallId.known(id).orElse("") : "";
    }

    private void addResult(Given message) {
        String id = calls.answered(message);
        Optional<String> name = calls.function(id);
        if (name.isEmpty()) throw message.at("tool_call_id").wrong("the id of a call in a message before it");
        ObjectNode part = NODES.objectNode();
        ObjectNode result = part.putObject("functionResponse");
        if (!known(id).isEmpty()) result.put("id", known(id));
        result.put("name", name.get());
        StringBuilder text = new StringBuilder();
        for (ObjectNode said : parts(message)) {
            if (said.has("text")) text.append(said.path("text").asText());
            else if (model.readsFilesInResults()) result.withArrayProperty("parts").add(said);
            else files.add(said);
        }
        boolean failed = message.at("extra_content").at("anthropic").at("is_error").isTrue();
        result.set("response", response(text.toString(), failed));
        results.add(new Result(order.getOrDefault(id, 0), part));
    }

    /// Results come in the order of their calls, which is all that tells apart what has no ids; files that they cannot hold
    /// come behind them.
    private void addResults() {
        results.sort(Comparator.comparingInt(Result::place));
        for (Result result : results) turn("user").add(result.part());
        if (!files.isEmpty()) turn("user").addAll(files);
        results.clear();
        files.clear();
    }

    private void beginWithSystem() {
        begin(system);
        system.removeAll();
    }

    /// What a user says before all else.
    private void begin(ArrayNode said) {
        if (said.isEmpty()) return;
        ArrayNode parts = NODES.arrayNode().addAll(said);
        if (contents.isEmpty() || !isUser(contents.get(0))) contents.insertObject(0).put("role", "user");
        contents.get(0).path("parts").forEach(parts::add);
        ((ObjectNode) contents.get(0)).set("parts", parts);
    }

    private static boolean isUser(JsonNode content) {
        return content.path("role").asText().equals("user");
    }

    /// An object as it is, everything else under the name that Google suggests for it.
    private static JsonNode response(String text, boolean failed) {
        JsonNode named = NODES.objectNode().put(failed ? "error" : "output", text);
        if (failed || !text.stripLeading().startsWith("{")) return named;
        return JsonTree.read(text.getBytes(StandardCharsets.UTF_8))
                .filter(tree -> tree.isObject() && staysTheSame(tree))
                .orElse(named);
    }

    /// Google takes `$ref` for the name of a file beside it, and reads every number as a double.
    private static boolean staysTheSame(JsonNode value) {
        if (value.has("$ref")) return false;
        if (value.isIntegralNumber()) return value.bigIntegerValue().bitLength() <= DOUBLE_BITS;
        for (JsonNode inner : value) {
            if (!staysTheSame(inner)) return false;
        }
        return true;
    }

    private List<ObjectNode> parts(Given message) {
        List<ObjectNode> parts = new ArrayList<>();
        for (Given part : OpenAiMessages.parts(message.at("content"))) {
            dropCaching(part);
            part(part).ifPresent(parts::add);
        }
        return parts;
    }

    private Optional<ObjectNode> part(Given part) {
        Optional<String> text = OpenAiMessages.text(part);
        if (text.isPresent()) return text.filter(said -> !said.isEmpty()).map(GeminiContentsFromHub::text);
        if (part.at("type").says("thinking")) {
            losses.drop(part.path() + ".thinking");
            return Optional.empty();
        }
        Media media =
                Media.in(part).orElseThrow(() -> losses.refused(part.path(), "Google has no content of this type"));
        return Optional.of(GeminiMedia.part(part, media, losses));
    }

    private void dropCaching(Given from) {
        if (from.at(HubContent.CACHE_CONTROL).isPresent()) losses.drop(from.at(HubContent.CACHE_CONTROL).path());
    }

    static ObjectNode text(String text) {
        return NODES.objectNode().put("text", text);
    }

    private void addAll(String role, Iterable<? extends JsonNode> parts) {
        for (JsonNode part : parts) turn(role).add(part);
    }

    private ArrayNode turn(String role) {
        if (!speaker.equals(role)) {
            speaker = role;
            turn = contents.addObject().put("role", role).putArray("parts");
        }
        return turn;
    }
}
