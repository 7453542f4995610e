package dev.martlet.dialect;

import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.Optional;

/// How much a model is to think, there and back.
final class AnthropicThinking {
    /// The least budget there is.
    private static final int BUDGET_MIN = 1024;

    private AnthropicThinking() {}

    static void toHub(Given asked, ObjectNode hub) {
        Given thinking = asked.at("thinking");
        Optional<String> effort = asked.at("output_config").at("effort").text();
        if (thinking.isPresent()) hub.set("thinking", thinking.object());
        if (thinking.at("type").says("disabled")) {
            hub.put("reasoning_effort", "none");
            return;
        }
        Optional<Integer> budget = thinking.at("budget_tokens").count();
        effort.or(() -> budget.map(Reasoning::word)).ifPresent(word -> hub.put("reasoning_effort", word));
        boolean open = thinking.isPresent() && budget.isEmpty();
        if (open && effort.isEmpty()) hub.put("reasoning_effort", "medium");
    }

    /// Sets `thinking`, the effort in `output_config`, and `max_tokens` so that both have room.
    static void fromHub(Given hub, AnthropicModel model, ObjectNode body, Losses losses) {
        Optional<Integer> asked = hub.at("max_completion_tokens").count().or(() -> hub.at("max_tokens").count());
        body.put("max_tokens", asked.orElse(model.maxTokens()));
        Reasoning reasoning = Reasoning.of(hub);
        if (reasoning.off() && model.thinksUnasked()) body.putObject("thinking").put("type", "disabled");
        if (!reasoning.on()) return;
        if (!model.thinks() || (isForced(body) && !model.adapts())) losses.drop("reasoning_effort");
        else if (model.adapts()) adapt(reasoning, model, body);
        else budget(reasoning, asked, body, losses);
    }

    private static void adapt(Reasoning reasoning, AnthropicModel model, ObjectNode body) {
        if (!isForced(body)) {
            String display = reasoning.shown() ? "summarized" : "omitted";
            body.putObject("thinking").put("type", "adaptive").put("display", display);
        }
        String effort =
                switch (reasoning.word()) {
                    case "minimal", "low" -> "low";
                    case "xhigh" -> model.hasExtraHigh() ? "xhigh" : "max";
                    case "high", "max" -> reasoning.word();
                    default -> "medium";
                };
        body.withObjectProperty("output_config").put("effort", effort);
    }

    /// A budget has to be smaller than the bound on the answer, and the answer needs room too. Behind calls of tools without
    /// their thoughts the API wants none either.
    private static void budget(Reasoning reasoning, Optional<Integer> asked, ObjectNode body, Losses losses) {
        int budget = Math.max(BUDGET_MIN, reasoning.tokens());
        int max = asked.orElseGet(() -> Math.max(body.path("max_tokens").intValue(), budget + BUDGET_MIN));
        int fitting = budget < max ? budget : max / 2;
        if (fitting < BUDGET_MIN || !AnthropicMessagesFromHub.mayThink(body)) {
            losses.drop("reasoning_effort");
            return;
        }
        body.put("max_tokens", max);
        body.putObject("thinking").put("type", "enabled").put("budget_tokens", fitting);
    }

    /// Whether the model has to call a tool, in front of which it cannot think.
    private static boolean isForced(ObjectNode body) {
        String choice = body.path("tool_choice").path("type").asText();
        return choice.equals("any") || choice.equals("tool");
    }
}
