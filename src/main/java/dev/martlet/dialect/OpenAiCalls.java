package dev.martlet.dialect;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The calls of tools in a conversation of the hub, so that results find theirs. Some providers leave the ids out, or give
/// the same ones in every answer: here no two calls have the same.
final class OpenAiCalls {
    private final Map<String, String> names = new HashMap<>();
    private final Map<String, Called> byId = new HashMap<>();
    private final Set<String> open = new LinkedHashSet<>();

    /// The calls that have the same id in the conversation.
    private static final class Called {
        private final Deque<String> open = new ArrayDeque<>();
        private int count;
        private String last = "";
    }

    /// The id of a call.
    String called(Given call) {
        String name = OpenAiMessages.name(call);
        String id = said(call.at("id")).orElseGet(() -> OpenAiMessages.idOf(name));
        Called called = byId.computeIfAbsent(id, _ -> new Called());
        do called.last = ++called.count == 1 ? id : id + "_" + called.count;
        while (names.putIfAbsent(called.last, name) != null);
        called.open.add(called.last);
        open.add(called.last);
        return called.last;
    }

    /// The id of the call to which a message has the result: of the first that waits, when it says nothing.
    String answered(Given message) {
        Given id = message.at("tool_call_id");
        Given function = message.at("name");
        boolean older = message.at("role").says("function");
        String found =
                said(id).or(() -> older ? function.text().map(OpenAiMessages::idOf) : Optional.empty())
                        .map(this::waiting)
                        .or(() -> open.stream().findFirst())
                        .orElseThrow(() -> id.wrong("the id of a call in a message before it"));
        open.remove(found);
        if (older) names.putIfAbsent(found, function.required());
        return found;
    }

    private String waiting(String id) {
        Called called = byId.get(id);
        if (called == null) return id;
        while (!called.open.isEmpty() && !open.contains(called.open.peek())) called.open.remove();
        return called.open.isEmpty() ? called.last : called.open.remove();
    }

    private static Optional<String> said(Given id) {
        return id.text().filter(text -> !text.isEmpty());
    }

    /// The function that a call was for; empty when there was no such call.
    Optional<String> function(String id) {
        return Optional.ofNullable(names.get(id));
    }
}
