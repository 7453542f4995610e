package dev.martlet.dialect;

import dev.martlet.wire.Json.Entry;
import dev.martlet.wire.Json.Names;
import dev.martlet.wire.Json.Value;
import dev.martlet.wire.Span;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalInt;

/// Turns of a conversation in OpenAI's dialect that were answered in another one, and go to a model of OpenAI's dialect next.
/// What accompanies them there is refused by most providers, OpenAI first ("Unknown parameter").
final class OtherTurns {
    private static final String EXTRA_CONTENT = "extra_content";
    private static final String REASONING_CONTENT = "reasoning_content";
    private static final String IMAGES = "images";
    private static final String TOOL_CALLS = "tool_calls";
    private static final Names MESSAGE = Names.of(TOOL_CALLS);
    private static final byte[] MARK = "_content\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NOTHING = {};

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
            leaveOut(message, names, edits);
            for (Value call : message.members(MESSAGE).find(TOOL_CALLS).map(Value::elements).orElse(List.of())) {
                leaveOut(call, List.of(EXTRA_CONTENT), edits);
            }
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

    /// Cuts members out of an object, each with the comma behind it; the last ones with the comma in front.
    private static void leaveOut(Value object, List<String> names, Edits edits) {
        OptionalInt cut = OptionalInt.empty();
        int keptEnd = -1;
        int end = -1;
        for (Entry member : object.entries()) {
            int from = member.span().from();
            end = member.span().to();
            if (!names.contains(member.name())) {
                if (cut.isPresent()) edits.replace(new Span(cut.getAsInt(), from), NOTHING);
                cut = OptionalInt.empty();
                keptEnd = end;
            } else if (cut.isEmpty()) {
                cut = OptionalInt.of(from);
            }
        }
        if (cut.isPresent()) edits.replace(new Span(keptEnd < 0 ? cut.getAsInt() : keptEnd, end), NOTHING);
    }
}
