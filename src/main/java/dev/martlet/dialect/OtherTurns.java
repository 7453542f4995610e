package dev.martlet.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.martlet.wire.Json;
import dev.martlet.wire.Json.Names;
import dev.martlet.wire.Json.Value;
import dev.martlet.wire.JsonTree;

import java.nio.charset.StandardCharsets;
import java.util.List;

/// Turns of a conversation in OpenAI's dialect that were answered in another one, and go to a model of OpenAI's dialect next.
/// What accompanies them there is refused by most providers, OpenAI first ("Unknown parameter").
final class OtherTurns {
    private static final String EXTRA_CONTENT = "extra_content";
    private static final String REASONING_CONTENT = "reasoning_content";
    private static final String IMAGES = "images";
    private static final String TOOL_CALLS = "tool_calls";
    private static final Names MESSAGE = Names.of(EXTRA_CONTENT, REASONING_CONTENT, TOOL_CALLS, IMAGES);
    private static final Names CALL = Names.of(EXTRA_CONTENT);
    private static final byte[] MARK = "_content\"".getBytes(StandardCharsets.US_ASCII);

    private OtherTurns() {}

    /// Leaves it out of the messages that have it. Google's own endpoint of this dialect is where `extra_content` is from, and
    /// thoughts are taken back by some that are not OpenAI.
    ///
    /// @param model what the model is called there
    static void leaveOut(Value messages, byte[] json, String model, Edits edits) {
        if (model.contains("gemini") || !mentions(json, messages)) return;
        List<String> names =
                OpenAiModel.of(model).own()
                        ? List.of(EXTRA_CONTENT, REASONING_CONTENT, IMAGES)
                        : List.of(EXTRA_CONTENT);
        for (Value message : messages.elements()) {
            if (has(message, names)) leaveOut(message, json, names, edits);
        }
    }

    private static boolean mentions(byte[] json, Value messages) {
        int last = messages.span().to() - MARK.length;
        for (int i = messages.span().from(); i <= last; i++) {
            int match = 0;
            while (match < MARK.length && json[i + match] == MARK[match]) match++;
            if (match == MARK.length) return true;
        }
        return false;
    }

    private static boolean has(Value message, List<String> names) {
        Json.Members members = message.members(MESSAGE);
        if (names.stream().anyMatch(name -> members.find(name).isPresent())) return true;
        if (members.find(TOOL_CALLS).isEmpty()) return false;
        for (Value call : members.find(TOOL_CALLS).get().elements()) {
            if (call.members(CALL).find(EXTRA_CONTENT).isPresent()) return true;
        }
        return false;
    }

    private static void leaveOut(Value message, byte[] json, List<String> names, Edits edits) {
        JsonTree.read(json, message.span())
                .filter(ObjectNode.class::isInstance)
                .map(ObjectNode.class::cast)
                .ifPresent(tree -> edits.replace(message.span(), JsonTree.write(without(tree, names))));
    }

    private static JsonNode without(ObjectNode message, List<String> names) {
        for (JsonNode call : message.path(TOOL_CALLS)) {
            if (call instanceof ObjectNode object) object.remove(EXTRA_CONTENT);
        }
        return message.remove(names);
    }
}
