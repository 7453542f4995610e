package dev.martlet.dialect;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Tools and how they are chosen, there and back.
final class AnthropicTools {
    /// What is said of a tool that runs at the provider.
    private static final Set<String> OWN = Set.of("type", "name");

    private static final Set<String> SEARCH = Set.of("type", "name", "user_location");

    private AnthropicTools() {}

    static void toHub(Given tools, ObjectNode hub, Losses losses) {
        for (Given tool : tools.list()) {
            String type = tool.at("type").text().orElse("custom");
            if (type.equals("custom")) {
                hub.withArrayProperty("tools").add(function(tool, losses));
                continue;
            }
            losses.dropOthers(tool, type.startsWith("web_search") ? SEARCH : OWN);
            if (type.startsWith("web_search")) hub.set("web_search_options", search(tool));
            else if (type.startsWith("code_execution"))
                hub.withArrayProperty("tools").addObject().put("type", "code_execution");
            else if (type.startsWith("web_fetch")) hub.withArrayProperty("tools").addObject().put("type", "web_fetch");
            else if (type.startsWith("tool_search")) losses.drop("tools.tool_search");
            else throw losses.refused(tool.path(), "a tool of this type is Anthropic's own");
        }
    }

    private static ObjectNode function(Given tool, Losses losses) {
        ObjectNode hub = JsonNodeFactory.instance.objectNode().put("type", "function");
        ObjectNode function = hub.putObject("function").put("name", tool.at("name").required());
        for (Given member : tool.members()) {
            switch (member.name()) {
                case "name", "type" -> {}
                case "description", "strict" -> function.set(member.name(), member.value());
                case "input_schema" -> function.set("parameters", member.object());
                case "cache_control" -> hub.set("cache_control", member.value());
                default -> losses.drop(member.path());
            }
        }
        return hub;
    }

    private static ObjectNode search(Given tool) {
        ObjectNode options = JsonNodeFactory.instance.objectNode();
        Given place = tool.at("user_location");
        if (place.isAbsent()) return options;
        ObjectNode approximate = options.putObject("user_location").put("type", "approximate").putObject("approximate");
        for (String name : List.of("city", "country", "region", "timezone")) {
            place.at(name).text().ifPresent(value -> approximate.put(name, value));
        }
        return options;
    }

    static void choiceToHub(Given choice, ObjectNode hub) {
        switch (choice.at("type").text().orElse("")) {
            case "auto" -> hub.put("tool_choice", "auto");
            case "any" -> hub.put("tool_choice", "required");
            case "none" -> hub.put("tool_choice", "none");
            case "tool" ->
                    hub.putObject("tool_choice")
                            .put("type", "function")
                            .putObject("function")
                            .put("name", choice.at("name").required());
            default -> throw choice.at("type").wrong("any, auto, none or tool");
        }
        Given alone = choice.at("disable_parallel_tool_use");
        if (alone.isPresent()) hub.put("parallel_tool_calls", !alone.isTrue());
    }

    static void fromHub(Given hub, AnthropicGrammar grammar, ObjectNode body, Losses losses) {
        Optional<Set<String>> allowed = OpenAiTools.allowed(hub);
        ArrayNode tools = JsonNodeFactory.instance.arrayNode();
        for (Given tool : OpenAiTools.of(hub)) {
            if (OpenAiTools.isAllowed(tool, allowed)) tools.add(tool(tool, grammar, losses));
        }
        Given search = hub.at("web_search_options");
        if (search.isPresent()) tools.add(search(search, losses));
        if (!tools.isEmpty()) body.set("tools", tools);
    }

    /// Sets how to choose among the tools, if there are any.
    ///
    /// @return what the model has to be told in words
    static Optional<String> choose(Given hub, AnthropicModel model, ObjectNode body, Losses losses) {
        if (!body.has("tools")) return Optional.empty();
        Optional<OpenAiTools.Choice> asked = OpenAiTools.choice(hub);
        Optional<String> demand = asked.flatMap(AnthropicTools::demand).filter(_ -> !model.callsOnDemand());
        if (demand.isPresent()) losses.drop("tool_choice");
        choice(demand.isPresent() ? Optional.empty() : asked, OpenAiTools.wantsOneCall(hub))
                .ifPresent(choice -> body.set("tool_choice", choice));
        return demand;
    }

    /// How a call is asked of a model that cannot be made to call a tool.
    private static Optional<String> demand(OpenAiTools.Choice asked) {
        return switch (asked) {
            case OpenAiTools.Auto _ -> Optional.empty();
            case OpenAiTools.None _ -> Optional.empty();
            case OpenAiTools.Required _ -> Optional.of("Call one of your tools; do not answer without.");
            case OpenAiTools.Named(String name) -> Optional.of("Call your tool " + name + "; do not answer without.");
        };
    }

    private static ObjectNode tool(Given tool, AnthropicGrammar grammar, Losses losses) {
        return switch (tool.at("type").text().orElse("function")) {
            case "function" -> function(tool, grammar, losses);
            case "code_execution" -> own("code_execution_20250825", "code_execution");
            case "web_fetch" -> own("web_fetch_20250910", "web_fetch");
            case "custom" -> throw losses.refused(tool.path(), "Anthropic's tools take JSON, never free text");
            default -> throw losses.refused(tool.path(), "Anthropic has no tool of this type");
        };
    }

    private static ObjectNode own(String type, String name) {
        return JsonNodeFactory.instance.objectNode().put("type", type).put("name", name);
    }

    private static ObjectNode function(Given tool, AnthropicGrammar grammar, Losses losses) {
        Given function = tool.at("function");
        ObjectNode target = JsonNodeFactory.instance.objectNode().put("name", function.at("name").required());
        function.at("description").text().ifPresent(text -> target.put("description", text));
        losses.dropOthers(function, OpenAiTools.FUNCTION);
        boolean strict = function.at("strict").isTrue();
        ObjectNode schema = AnthropicSchema.input(function.at("parameters"));
        boolean bound = strict && grammar.takes(schema);
        target.set("input_schema", bound ? AnthropicSchema.bound(schema) : schema);
        if (bound) target.put("strict", true);
        else if (strict) losses.drop(function.at("strict").path());
        HubContent.keepCaching(tool, target);
        return target;
    }

    private static ObjectNode search(Given options, Losses losses) {
        ObjectNode tool = own("web_search_20250305", "web_search");
        if (options.at("search_context_size").isPresent()) losses.drop("web_search_options.search_context_size");
        Given place = options.at("user_location");
        if (place.isPresent()) {
            ObjectNode target = place.at("approximate").object().deepCopy();
            tool.set("user_location", target.put("type", "approximate"));
        }
        return tool;
    }

    /// @param alone whether tools may be called one at a time only
    private static Optional<ObjectNode> choice(Optional<OpenAiTools.Choice> asked, boolean alone) {
        if (asked.isEmpty() && !alone) return Optional.empty();
        ObjectNode choice = JsonNodeFactory.instance.objectNode();
        switch (asked.orElse(new OpenAiTools.Auto())) {
            case OpenAiTools.Auto _ -> choice.put("type", "auto");
            case OpenAiTools.None _ -> choice.put("type", "none");
            case OpenAiTools.Required _ -> choice.put("type", "any");
            case OpenAiTools.Named(String name) -> choice.put("type", "tool").put("name", name);
        }
        if (alone && !choice.path("type").asText().equals("none")) choice.put("disable_parallel_tool_use", true);
        return Optional.of(choice);
    }
}
