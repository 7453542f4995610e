package dev.martlet.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a message of the hub or a delta of one says, as parts of a content.
final class GeminiContent {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final Pattern DATA_URL = Pattern.compile("data:([\\w.+-]+/[\\w.+-]+);base64,");

    private GeminiContent() {}

    /// The parts of a whole message: those that came from Gemini as they were, else made of what it says.
    static ArrayNode parts(JsonNode message) throws Garbled {
        if (google(message).path("parts") instanceof ArrayNode parts && !parts.isEmpty()) return parts;
        ArrayNode parts = said(message);
        for (JsonNode call : message.path("tool_calls")) parts.add(call(Shape.object(call, "a tool call")));
        JsonNode function = message.path("function_call");
        if (function.isObject()) parts.add(functionCall("", function));
        return parts;
    }

    /// Everything but calls.
    static ArrayNode said(JsonNode message) {
        ArrayNode parts = NODES.arrayNode();
        String thoughts = HubText.thoughts(message);
        if (!thoughts.isEmpty()) parts.addObject().put("text", thoughts).put("thought", true);
        String text = HubText.said(message);
        Optional<String> signature = Shape.some(google(message).path("thought_signature"));
        if (!text.isEmpty() || signature.isPresent()) {
            ObjectNode part = parts.addObject().put("text", text);
            signature.ifPresent(one -> part.put("thoughtSignature", one));
        }
        for (JsonNode image : message.path("images")) image(image).ifPresent(parts::add);
        return parts;
    }

    private static Optional<ObjectNode> image(JsonNode image) {
        String url = image.path("image_url").path("url").asText("");
        Matcher begin = DATA_URL.matcher(url);
        if (!begin.lookingAt()) return Optional.empty();
        ObjectNode part = NODES.objectNode();
        part.putObject("inlineData").put("mimeType", begin.group(1)).put("data", url.substring(begin.end()));
        return Optional.of(part);
    }

    static JsonNode google(JsonNode of) {
        return of.path("extra_content").path("google");
    }

    private static ObjectNode call(ObjectNode call) throws Garbled {
        ObjectNode part = functionCall(call.path("id").asText(""), call.path("function"));
        sign(part, google(call));
        return part;
    }

    private static ObjectNode functionCall(String id, JsonNode function) throws Garbled {
        String name = Shape.text(function.path("name"), "the name of a function");
        JsonNode arguments = function.path("arguments");
        return functionCall(
                id, name, arguments instanceof ObjectNode object ? object : ToolInput.read(arguments.asText("")));
    }

    /// A call that has come to its end.
    static ObjectNode call(HubCalls.Call call) throws Garbled {
        if (!call.isNamed()) throw new Garbled("a tool call has no name");
        ObjectNode part = functionCall(call.id(), call.name(), ToolInput.read(call.taken()));
        sign(part, call.more("google"));
        return part;
    }

    /// A call with its arguments as a tree; its id goes along when Google knows ids of this kind.
    static ObjectNode functionCall(String id, String name, ObjectNode arguments) {
        ObjectNode part = NODES.objectNode();
        ObjectNode call = part.putObject("functionCall");
        GeminiCallId.known(id).ifPresent(one -> call.put("id", one));
        call.put("name", name).set("args", arguments);
        return part;
    }

    private static void sign(ObjectNode part, JsonNode google) {
        Shape.some(google.path("thought_signature")).ifPresent(one -> part.put("thoughtSignature", one));
    }
}
