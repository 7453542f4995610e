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
        if (Reasoning.isOff(thinking)) {
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
        Optional<Integer> asked = bound(hub, model, losses);
        body.put("max_tokens", asked.orElse(model.maxTokens()));
        Reasoning reasoning = Reasoning.of(hub);
        if (reasoning.off() && model.thinksUnasked()) silence(model, body, losses);
        if (!reasoning.on()) return;
        if (!model.thinks() || (isForced(body) && !model.adapts())) losses.drop("reasoning_effort");
        else if (model.adapts()) adapt(reasoning, model, body);
        else budget(reasoning, asked.orElse(model.tokensMax()), body, losses);
    }

    /// The caller's bound on the answer. What a model could not write anyway is not asked of it.
    private static Optional<Integer> bound(Given hub, AnthropicModel model, Losses losses) {
        Given newer = hub.at("max_completion_tokens");
        Given field = newer.isPresent() ? newer : hub.at("max_tokens");
        Optional<Integer> asked = field.count();
        if (asked.filter(count -> count > model.tokensMax()).isPresent()) losses.drop(field.path());
        return asked.map(count -> Math.min(count, model.tokensMax()));
    }

    /// Some models cannot be kept from thinking: they are asked to think little.
    private static void silence(AnthropicModel model, ObjectNode body, Losses losses) {
        if (model.silence().isPresent()) {
            body.putObject("thinking").put("type", model.silence().get());
        } else {
            losses.drop("reasoning_effort");
            body.withObjectProperty("output_config").put("effort", "low");
        }
    }

    private static void adapt(Reasoning reasoning, AnthropicModel model, ObjectNode body) {
        boolean forced = isForced(body);
        if (!forced) {
            String display = reasoning.shown() ? "summarized" : "omitted";
            body.putObject("thinking").put("type", "adaptive").put("display", display);
        }
        String effort =
                switch (reasoning.word()) {
                    case "minimal", "low" -> "low";
                    case "high" -> "high";
                    case "xhigh", "max" -> most(reasoning.word(), model, forced);
                    default -> "medium";
                };
        body.withObjectProperty("output_config").put("effort", effort);
    }

    /// More than `high` is not to be had without thoughts.
    private static String most(String word, AnthropicModel model, boolean forced) {
        if (forced) return "high";
        return word.equals("xhigh") && model.hasExtraHigh() ? "xhigh" : "max";
    }

    /// A budget has to be smaller than the bound on the answer, and the answer needs room too. Behind calls of tools without
    /// their thoughts the API wants none either.
    ///
    /// @param most that the answer may be bound to
    private static void budget(Reasoning reasoning, int most, ObjectNode body, Losses losses) {
        int budget = Math.max(BUDGET_MIN, reasoning.tokens());
        int wanted = budget > Integer.MAX_VALUE - BUDGET_MIN ? budget : budget + BUDGET_MIN;
        int max = Math.min(most, Math.max(body.path("max_tokens").intValue(), wanted));
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
