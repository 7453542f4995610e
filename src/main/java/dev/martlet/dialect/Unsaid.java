package dev.martlet.dialect;

import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.Map;
import java.util.Set;

/// What becomes of the fields of a request that the target has no word for.
final class Unsaid {
    /// How each vendor's own fields travel in the hub that mean something else when they are left out.
    private static final Map<String, Set<String>> MEANINGFUL =
            Map.of("anthropic", Set.of("mcp_servers", "inference_geo"), "google", Set.of("cachedContent"));

    private final Losses losses;

    Unsaid(Losses losses) {
        this.losses = losses;
    }

    /// Leaves a field of the hub out, and says so unless it asks for nothing.
    ///
    /// @param vendor whose own fields are put into the body as they are
    void leaveOut(Given field, String vendor, ObjectNode body) {
        switch (field.name()) {
            case "model", "stream", "stream_options" -> {}
            case "extra_content" -> extra(field, vendor, body);
            case "n" -> refuseUnless(isAtMost(field, 1), field, "it gives one answer to a request");
            case "logprobs" -> refuseUnless(!field.isTrue(), field, "it does not tell probabilities");
            case "top_logprobs" -> refuseUnless(isAtMost(field, 0), field, "it does not tell probabilities");
            case "modalities" -> refuseUnless(isText(field), field, "it answers with text only");
            default -> {
                if (!asksForNothing(field)) losses.drop(field.path());
            }
        }
    }

    private void extra(Given extra, String vendor, ObjectNode body) {
        for (Given owner : extra.members()) {
            for (Given field : owner.members()) {
                if (owner.name().equals(vendor)) body.set(field.name(), field.value());
                else leaveOutForeign(field, owner.name());
            }
        }
    }

    private void leaveOutForeign(Given field, String owner) {
        if (MEANINGFUL.getOrDefault(owner, Set.of()).contains(Given.camel(field.name()))
                || MEANINGFUL.getOrDefault(owner, Set.of()).contains(field.name())) {
            throw losses.refused(field.path(), "what it names is known elsewhere only");
        }
        losses.drop(field.path());
    }

    private void refuseUnless(boolean fine, Given field, String why) {
        if (!fine) throw losses.refused(field.path(), why);
    }

    private static boolean isAtMost(Given field, int most) {
        return field.count().orElseThrow() <= most;
    }

    private static boolean isText(Given modalities) {
        return modalities.list().stream().allMatch(modality -> modality.says("text"));
    }

    private static boolean asksForNothing(Given field) {
        return switch (field.value().getNodeType()) {
            case BOOLEAN -> !field.isTrue();
            case NUMBER -> field.value().decimalValue().signum() == 0;
            case ARRAY, OBJECT -> field.value().isEmpty();
            default -> false;
        };
    }
}
