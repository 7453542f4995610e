package dev.martlet.dialect;

import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.Locale;
import java.util.Optional;

/// How much a model is to think, there and back.
final class GeminiThinking {
    private GeminiThinking() {}

    static void toHub(Given config, ObjectNode hub) {
        Optional<String> level = config.at("thinkingLevel").text().map(word -> word.toLowerCase(Locale.ROOT));
        Optional<Integer> budget = config.at("thinkingBudget").count();
        level.filter(word -> !word.endsWith("unspecified")).ifPresent(word -> hub.put("reasoning_effort", word));
        if (budget.isEmpty()) {
            if (level.isEmpty() && config.at("includeThoughts").isTrue())
                hub.putObject("thinking").put("type", "adaptive");
        } else if (budget.get() == 0) {
            hub.put("reasoning_effort", "none").putObject("thinking").put("type", "disabled");
        } else if (budget.get() < 0) {
            hub.putObject("thinking").put("type", "adaptive");
        } else {
            hub.putObject("thinking").put("type", "enabled").put("budget_tokens", budget.get());
            if (level.isEmpty()) hub.put("reasoning_effort", Reasoning.word(budget.get()));
        }
    }

    static void fromHub(Reasoning reasoning, GeminiModel model, ObjectNode config, Losses losses) {
        if (reasoning.wish().isEmpty()) return;
        if (!model.thinks()) {
            if (reasoning.on()) losses.drop("reasoning_effort");
            return;
        }
        ObjectNode thinking = config.putObject("thinkingConfig");
        if (reasoning.off()) {
            if (model.hasLevels()) thinking.put("thinkingLevel", model.leastLevel());
            else thinking.put("thinkingBudget", model.budgetOff());
            return;
        }
        thinking.put("includeThoughts", reasoning.shown());
        boolean open = reasoning.effort().isEmpty() && reasoning.budget().isEmpty();
        if (open) return;
        if (model.hasLevels()) thinking.put("thinkingLevel", level(reasoning, model));
        else thinking.put("thinkingBudget", budget(reasoning, model, config));
    }

    /// Thoughts count as output: an effort leaves half of the room to the answer.
    private static int budget(Reasoning reasoning, GeminiModel model, ObjectNode config) {
        int room = config.path("maxOutputTokens").asInt(Integer.MAX_VALUE);
        int tokens = reasoning.budget().isEmpty() ? Math.min(reasoning.tokens(), room / 2) : reasoning.tokens();
        return Math.clamp(tokens, model.budgetMin(), model.budgetMax());
    }

    private static String level(Reasoning reasoning, GeminiModel model) {
        return switch (reasoning.word()) {
            case "minimal" -> model.leastLevel();
            case "low" -> "low";
            case "high", "xhigh", "max" -> "high";
            default -> model.middleLevel();
        };
    }
}
