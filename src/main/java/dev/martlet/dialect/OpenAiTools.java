package dev.martlet.dialect;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The tools in a request of the hub, and how the model is to choose among them; `functions` and `function_call` are the
/// older words for both.
final class OpenAiTools {
    /// The members of a function that somebody looks at.
    static final Set<String> FUNCTION = Set.of("name", "description", "parameters", "strict");

    private OpenAiTools() {}

    sealed interface Choice permits Auto, None, Required, Named {}

    record Auto() implements Choice {}

    record None() implements Choice {}

    record Required() implements Choice {}

    record Named(String function) implements Choice {}

    static List<Given> of(Given hub) {
        List<Given> tools = new ArrayList<>(hub.at("tools").list());
        for (Given function : hub.at("functions").list()) {
            ObjectNode tool = JsonNodeFactory.instance.objectNode().put("type", "function");
            tool.set("function", function.object());
            tools.add(function.as(tool));
        }
        return tools;
    }

    /// How to choose; empty when the request says nothing.
    static Optional<Choice> choice(Given hub) {
        Given choice = hub.at("tool_choice").isPresent() ? hub.at("tool_choice") : hub.at("function_call");
        if (choice.isAbsent()) return Optional.empty();
        if (choice.isText()) return Optional.of(word(choice, choice.required()));
        return switch (choice.at("type").text().orElse("function")) {
            case "allowed_tools" ->
                    Optional.of(word(choice, choice.at("allowed_tools").at("mode").text().orElse("auto")));
            case "custom" -> Optional.of(new Named(choice.at("custom").at("name").required()));
            default -> {
                Given name = choice.at("function").at("name");
                yield Optional.of(new Named(name.isPresent() ? name.required() : choice.at("name").required()));
            }
        };
    }

    /// Whether tools may be called one at a time only; the older words know nothing else.
    static boolean wantsOneCall(Given hub) {
        Given parallel = hub.at("parallel_tool_calls");
        boolean older = hub.at("functions").asksForSomething() && !hub.at("tools").asksForSomething();
        return older || (parallel.isPresent() && !parallel.isTrue());
    }

    private static Choice word(Given choice, String word) {
        return switch (word) {
            case "auto" -> new Auto();
            case "none" -> new None();
            case "required", "any" -> new Required();
            default -> throw choice.wrong("auto, none, required, or an object that names a tool");
        };
    }

    /// The names of the functions that may be called; empty when all may.
    static Optional<Set<String>> allowed(Given hub) {
        Given choice = hub.at("tool_choice");
        if (!choice.at("type").says("allowed_tools")) return Optional.empty();
        Set<String> names = new LinkedHashSet<>();
        for (Given tool : choice.at("allowed_tools").at("tools").list()) {
            names.add(tool.at("function").at("name").required());
        }
        return Optional.of(names);
    }

    static boolean isAllowed(Given tool, Optional<Set<String>> allowed) {
        return allowed.isEmpty() || tool.at("function").at("name").text().filter(allowed.get()::contains).isPresent();
    }
}
