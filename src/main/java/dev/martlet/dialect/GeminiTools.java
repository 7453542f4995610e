package dev.martlet.dialect;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Tools and how they are chosen, there and back.
final class GeminiTools {
    private GeminiTools() {}

    static void toHub(Given tools, ObjectNode hub, Losses losses) {
        for (Given tool : tools.oneOrMany()) {
            for (Given kind : tool.members()) {
                boolean functions = Given.camel(kind.name()).equals("functionDeclarations");
                if (!functions) losses.dropOthers(kind, Set.of());
                switch (Given.camel(kind.name())) {
                    case "functionDeclarations" -> {
                        for (Given function : kind.oneOrMany())
                            hub.withArrayProperty("tools").add(function(function, losses));
                    }
                    case "googleSearch", "googleSearchRetrieval" -> hub.putObject("web_search_options");
                    case "codeExecution" -> hub.withArrayProperty("tools").addObject().put("type", "code_execution");
                    case "urlContext" -> hub.withArrayProperty("tools").addObject().put("type", "web_fetch");
                    default -> throw losses.refused(kind.path(), "a tool of this type is Google's own");
                }
            }
        }
    }

    private static ObjectNode function(Given declaration, Losses losses) {
        ObjectNode hub = JsonNodeFactory.instance.objectNode().put("type", "function");
        ObjectNode function = hub.putObject("function").put("name", declaration.at("name").required());
        for (Given member : declaration.members()) {
            switch (Given.camel(member.name())) {
                case "name" -> {}
                case "description" -> function.set("description", member.value());
                case "parameters" -> function.set("parameters", GeminiSchema.toHub(member.object()));
                case "parametersJsonSchema" -> function.set("parameters", member.object());
                default -> losses.drop(member.path());
            }
        }
        return hub;
    }

    static void choiceToHub(Given config, ObjectNode hub, Losses losses) {
        for (Given member : config.members()) {
            if (!Given.camel(member.name()).equals("functionCallingConfig")) losses.drop(member.path());
        }
        Given calling = config.at("functionCallingConfig");
        if (calling.isAbsent()) return;
        List<Given> names = calling.at("allowedFunctionNames").list();
        switch (calling.at("mode").text().orElse("AUTO")) {
            case "NONE" -> hub.put("tool_choice", "none");
            case "ANY" -> choose(names, "required", hub);
            case "AUTO", "VALIDATED", "MODE_UNSPECIFIED" -> choose(names, "auto", hub);
            default -> throw calling.at("mode").wrong("ANY, AUTO, NONE or VALIDATED");
        }
    }

    private static void choose(List<Given> names, String mode, ObjectNode hub) {
        if (names.isEmpty()) {
            hub.put("tool_choice", mode);
        } else if (names.size() == 1 && mode.equals("required")) {
            named(hub.putObject("tool_choice"), names.getFirst().required());
        } else {
            ObjectNode allowed = hub.putObject("tool_choice").put("type", "allowed_tools").putObject("allowed_tools");
            ArrayNode tools = allowed.put("mode", mode).putArray("tools");
            for (Given name : names) named(tools.addObject(), name.required());
        }
    }

    private static void named(ObjectNode choice, String function) {
        choice.put("type", "function").putObject("function").put("name", function);
    }

    /// Sets `tools` and `toolConfig`.
    static void fromHub(Given hub, GeminiModel model, ObjectNode body, Losses losses) {
        ArrayNode functions = JsonNodeFactory.instance.arrayNode();
        ArrayNode tools = JsonNodeFactory.instance.arrayNode();
        for (Given tool : OpenAiTools.of(hub)) {
            switch (tool.at("type").text().orElse("function")) {
                case "function" -> functions.add(declaration(tool, losses));
                case "code_execution" -> tools.addObject().putObject("codeExecution");
                case "web_fetch" -> tools.addObject().putObject("urlContext");
                case "custom" -> throw losses.refused(tool.path(), "Google's functions take JSON, never free text");
                default -> throw losses.refused(tool.path(), "Google has no tool of this type");
            }
        }
        for (Given option : hub.at("web_search_options").members()) losses.drop(option.path());
        if (hub.at("web_search_options").isPresent()) tools.addObject().putObject("googleSearch");
        boolean both = !functions.isEmpty() && !tools.isEmpty();
        if (both && !model.combinesTools())
            throw losses.refused("tools", "it has either functions or Google's own tools");
        if (!functions.isEmpty()) tools.insertObject(0).set("functionDeclarations", functions);
        if (!tools.isEmpty()) body.set("tools", tools);
        if (both) body.withObjectProperty("toolConfig").put("includeServerSideToolInvocations", true);
        if (!functions.isEmpty()) choice(hub, both).ifPresent(choice -> setChoice(choice, body));
        Given parallel = hub.at("parallel_tool_calls");
        if (parallel.isPresent() && !parallel.isTrue()) losses.drop(parallel.path());
    }

    /// Whether there is a tool that the model may use.
    static boolean mayBeCalled(Given hub) {
        boolean any = !OpenAiTools.of(hub).isEmpty() || hub.at("web_search_options").isPresent();
        return any && OpenAiTools.choice(hub).filter(OpenAiTools.None.class::isInstance).isEmpty();
    }

    private static void setChoice(ObjectNode choice, ObjectNode body) {
        body.withObjectProperty("toolConfig").set("functionCallingConfig", choice);
    }

    private static ObjectNode declaration(Given tool, Losses losses) {
        Given function = tool.at("function");
        ObjectNode declaration = JsonNodeFactory.instance.objectNode().put("name", function.at("name").required());
        function.at("description").text().ifPresent(text -> declaration.put("description", text));
        Given parameters = function.at("parameters");
        if (parameters.isPresent() && !parameters.object().isEmpty()) {
            declaration.set("parametersJsonSchema", parameters.object());
        }
        losses.dropOthers(function, OpenAiTools.FUNCTION);
        if (function.at("strict").isTrue()) losses.drop(function.at("strict").path());
        if (tool.at("cache_control").isPresent()) losses.drop(tool.at("cache_control").path());
        return declaration;
    }

    /// @param both whether there are functions and tools of Google's own
    private static Optional<ObjectNode> choice(Given hub, boolean both) {
        Optional<OpenAiTools.Choice> asked = OpenAiTools.choice(hub);
        if (asked.isEmpty()) return Optional.empty();
        ObjectNode choice = JsonNodeFactory.instance.objectNode();
        Optional<Set<String>> allowed = OpenAiTools.allowed(hub);
        switch (asked.get()) {
            // this mode alone binds to a subset, and goes with tools of other kinds
            case OpenAiTools.Auto _ -> choice.put("mode", both || allowed.isPresent() ? "VALIDATED" : "AUTO");
            case OpenAiTools.None _ -> choice.put("mode", "NONE");
            case OpenAiTools.Required _ -> choice.put("mode", "ANY");
            case OpenAiTools.Named(String name) -> choice.put("mode", "ANY").putArray("allowedFunctionNames").add(name);
        }
        allowed.ifPresent(names -> names.forEach(choice.withArrayProperty("allowedFunctionNames")::add));
        return Optional.of(choice);
    }
}
