package dev.martlet.dialect;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.martlet.wire.JsonTree;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A conversation of the hub in the words of Google: system text apart, then turns of user and model.
final class GeminiContentsFromHub {
    /// Google's own word for a call that has no signature because another model made it
    /// (ai.google.dev, "Thought signatures").
    private static final String UNSIGNED = "skip_thought_signature_validator";

    private final Given hub;
    private final GeminiModel model;
    private final Losses losses;
    private final ArrayNode system = JsonNodeFactory.instance.arrayNode();
    private final ArrayNode contents = JsonNodeFactory.instance.arrayNode();
    private final Map<String, String> functions = new HashMap<>();
    private String speaker = "";
    private ArrayNode turn = JsonNodeFactory.instance.arrayNode();

    GeminiContentsFromHub(Given hub, GeminiModel model, Losses losses) {
        this.hub = hub;
        this.model = model;
        this.losses = losses;
    }

    void writeTo(ObjectNode body) {
        for (Given message : hub.at("messages").list()) add(message);
        if (contents.isEmpty() && !system.isEmpty()) {
            turn("user").addAll(system);
            system.removeAll();
        }
        if (contents.isEmpty()) throw hub.at("messages").wrong("an array of at least one message that says something");
        body.set("contents", contents);
        if (!system.isEmpty()) body.putObject("systemInstruction").set("parts", system);
    }

    private void add(Given message) {
        if (message.at("name").isPresent() && !message.at("role").says("function"))
            losses.drop(message.at("name").path());
        if (message.at("cache_control").isPresent()) losses.drop(message.at("cache_control").path());
        switch (message.at("role").text().orElse("")) {
            case "system", "developer" -> parts(message).forEach(system::add);
            case "user" -> addAll("user", parts(message));
            case "assistant" -> addModel(message);
            case "tool" -> addResult(message, message.at("tool_call_id"));
            case "function" -> {
                String name = message.at("name").required();
                functions.put(OpenAiMessages.idOf(name), name);
                addResult(message, OpenAiMessages.idOf(name), name);
            }
            default -> throw message.at("role").wrong("assistant, developer, system, tool or user");
        }
    }

    private void addModel(Given message) {
        Given own = message.at("extra_content").at("google");
        List<Given> calls = OpenAiMessages.calls(message);
        for (Given call : calls) functions.put(call.at("id").required(), OpenAiMessages.name(call));
        if (own.at("parts").value() instanceof ArrayNode parts && !parts.isEmpty()) {
            turn("model").addAll(parts);
            return;
        }
        leaveOutThoughts(message);
        List<ObjectNode> said = parts(message);
        if (said.isEmpty()) message.at("refusal").text().ifPresent(refusal -> said.add(text(refusal)));
        own.at("thought_signature").text().ifPresent(signature -> sign(said, signature));
        addAll("model", said);
        for (Given call : calls) turn("model").add(call(call));
        boolean sign = model.wantsSignatures() && !calls.isEmpty();
        if (sign && turn.findValue("thoughtSignature") == null) signFirstCall();
    }

    private void leaveOutThoughts(Given message) {
        if (message.at("reasoning_content").isPresent()) losses.drop(message.at("reasoning_content").path());
        for (Given foreign : message.at("extra_content").at("anthropic").members()) losses.drop(foreign.path());
        if (message.at("audio").isPresent()) throw losses.refused(message.at("audio").path(), "it is kept elsewhere");
    }

    private void sign(List<ObjectNode> said, String signature) {
        if (said.isEmpty()) said.add(text(""));
        said.getLast().put("thoughtSignature", signature);
    }

    private void signFirstCall() {
        for (var part : turn) {
            if (part instanceof ObjectNode object && object.has("functionCall")) {
                object.put("thoughtSignature", UNSIGNED);
                return;
            }
        }
    }

    private static ObjectNode call(Given call) {
        ObjectNode part = JsonNodeFactory.instance.objectNode();
        ObjectNode function = part.putObject("functionCall");
        call.at("id").text().ifPresent(id -> function.put("id", id));
        function.put("name", OpenAiMessages.name(call)).set("args", OpenAiMessages.arguments(call));
        call.at("extra_content")
                .at("google")
                .at("thought_signature")
                .text()
                .ifPresent(signature -> part.put("thoughtSignature", signature));
        return part;
    }

    private void addResult(Given message, Given id) {
        String name = functions.get(id.required());
        if (name == null) throw id.wrong("the id of a call in a message before it");
        addResult(message, id.required(), name);
    }

    private void addResult(Given message, String id, String name) {
        ObjectNode part = JsonNodeFactory.instance.objectNode();
        ObjectNode result = part.putObject("functionResponse").put("id", id).put("name", name);
        StringBuilder text = new StringBuilder();
        ArrayNode files = JsonNodeFactory.instance.arrayNode();
        for (ObjectNode said : parts(message)) {
            if (said.has("text")) text.append(said.get("text").textValue());
            else files.add(said);
        }
        boolean failed = message.at("extra_content").at("anthropic").at("is_error").isTrue();
        result.set("response", response(text.toString(), failed));
        ArrayNode turn = turn("user").add(part);
        if (files.isEmpty()) return;
        if (model.readsFilesInResults()) result.set("parts", files);
        else turn.addAll(files);
    }

    /// An object as it is, everything else under the name that Google suggests for it.
    private static ObjectNode response(String text, boolean failed) {
        ObjectNode named = JsonNodeFactory.instance.objectNode().put(failed ? "error" : "output", text);
        if (failed || !text.stripLeading().startsWith("{")) return named;
        return JsonTree.read(text.getBytes(StandardCharsets.UTF_8))
                .filter(ObjectNode.class::isInstance)
                .map(ObjectNode.class::cast)
                .orElse(named);
    }

    private List<ObjectNode> parts(Given message) {
        return new java.util.ArrayList<>(
                OpenAiMessages.parts(message.at("content")).stream().flatMap(part -> part(part).stream()).toList());
    }

    private Optional<ObjectNode> part(Given part) {
        if (part.at("cache_control").isPresent()) losses.drop(part.at("cache_control").path());
        Optional<String> text = OpenAiMessages.text(part);
        if (text.isPresent()) return text.filter(said -> !said.isEmpty()).map(GeminiContentsFromHub::text);
        if (part.at("type").says("thinking")) return Optional.empty();
        return Optional.of(
                Media.in(part)
                        .map(media -> GeminiMedia.part(part, media, losses))
                        .orElseThrow(() -> losses.refused(part.path(), "Google has no content of this type")));
    }

    static ObjectNode text(String text) {
        return JsonNodeFactory.instance.objectNode().put("text", text);
    }

    private void addAll(String role, List<ObjectNode> parts) {
        if (!parts.isEmpty()) turn(role).addAll(parts);
    }

    private ArrayNode turn(String role) {
        if (!speaker.equals(role)) {
            speaker = role;
            turn = contents.addObject().put("role", role).putArray("parts");
        }
        return turn;
    }
}
