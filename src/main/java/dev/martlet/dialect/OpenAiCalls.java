package dev.martlet.dialect;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The calls of tools in a conversation of the hub, so that results find theirs. Some providers leave the ids out.
final class OpenAiCalls {
    private final Map<String, String> names = new HashMap<>();
    private final Deque<String> open = new ArrayDeque<>();

    /// The id of a call.
    String called(Given call) {
        String name = OpenAiMessages.name(call);
        String id = call.at("id").text().orElseGet(() -> OpenAiMessages.idOf(name));
        names.put(id, name);
        open.add(id);
        return id;
    }

    /// The id of the call to which a message has the result: of the first that waits, when it says nothing.
    String answered(Given message) {
        Given id = message.at("tool_call_id");
        Given function = message.at("name");
        String found =
                id.text()
                        .or(() ->
                                message.at("role").says("function")
                                        ? function.text().map(OpenAiMessages::idOf)
                                        : Optional.empty())
                        .or(() -> Optional.ofNullable(open.peek()))
                        .orElseThrow(() -> id.wrong("the id of a call in a message before it"));
        open.remove(found);
        if (message.at("role").says("function")) names.putIfAbsent(found, function.required());
        return found;
    }

    /// The function that a call was for; empty when there was no such call.
    Optional<String> function(String id) {
        return Optional.ofNullable(names.get(id));
    }
}
