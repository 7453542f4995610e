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
    void leaveOut(Given field) {
        switch (field.name()) {
            case "model", "stream", "stream_options" -> {}
            case "n" -> refuseUnless(isAtMost(field, 1), field, "it gives one answer to a request");
            case "logprobs" -> refuseUnless(!field.isTrue(), field, "it does not tell probabilities");
            case "top_logprobs" -> refuseUnless(isAtMost(field, 0), field, "it does not tell probabilities");
            case "modalities" -> refuseUnless(isText(field), field, "it answers with text only");
            default -> {
                if (field.asksForSomething()) losses.drop(field.path());
            }
        }
    }

    /// Puts a vendor's own fields into its body as they are; those of others are left out.
    void putExtra(Given extra, String vendor, ObjectNode body) {
        for (Given owner : extra.members()) {
            for (Given field : owner.members()) {
                if (owner.name().equals(vendor)) merge(field, body);
                else leaveOutForeign(field, owner.name());
            }
        }
    }

    /// Beside what the body has already where both are objects, else in its place.
    private static void merge(Given field, ObjectNode body) {
        boolean both = field.value().isObject() && body.path(field.name()).isObject();
        if (both) body.set(field.name(), body.withObjectProperty(field.name()).deepCopy().setAll(field.object()));
        else body.set(field.name(), field.value());
    }

    private void leaveOutForeign(Given field, String owner) {
        Set<String> meaningful = MEANINGFUL.getOrDefault(owner, Set.of());
        if (meaningful.contains(field.name()) || meaningful.contains(Given.camel(field.name()))) {
            throw losses.refused(field.path(), "what it names is known elsewhere only");
        }
        if (field.name().equals("generationConfig")) losses.dropOthers(field, Set.of());
        else losses.drop(field.path());
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
}
