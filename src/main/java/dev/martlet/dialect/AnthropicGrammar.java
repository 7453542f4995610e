package dev.martlet.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.List;

/// The schemas that one request binds its answer to. Together they may not ask for more than a grammar can be made of
/// (platform.claude.com, "Structured outputs", Schema complexity limits): what comes beyond that is not bound.
final class AnthropicGrammar {
    private static final int SCHEMAS_MAX = 20;
    private static final int OPTIONAL_MAX = 24;
    private static final int UNIONS_MAX = 16;

    /// How much is looked at, in parts of schemas: what goes beyond is too large for a grammar anyway.
    private static final int PARTS_MAX = 5_000;

    private final AnthropicModel model;
    private int parts;
    private int schemas;
    private int optional;
    private int unions;

    AnthropicGrammar(AnthropicModel model) {
        this.model = model;
    }

    /// Takes one more schema, if the answer can be bound to it too.
    boolean takes(ObjectNode schema) {
        if (!model.bindsToSchema() || schemas == SCHEMAS_MAX || parts >= PARTS_MAX) return false;
        List<ObjectNode> more = AnthropicSchema.parts(schema);
        parts += more.size();
        return parts <= PARTS_MAX && AnthropicSchema.binds(schema) && reserves(more);
    }

    private boolean reserves(List<ObjectNode> more) {
        int moreOptional = 0;
        int moreUnions = 0;
        for (ObjectNode part : more) {
            moreOptional += optional(part);
            if (part.path("type").isArray() || part.has("anyOf")) moreUnions++;
        }
        if (optional + moreOptional > OPTIONAL_MAX || unions + moreUnions > UNIONS_MAX) return false;
        schemas++;
        optional += moreOptional;
        unions += moreUnions;
        return true;
    }

    private static int optional(ObjectNode part) {
        int required = 0;
        for (JsonNode name : part.path("required")) if (part.path("properties").has(name.asText())) required++;
        return Math.max(0, part.path("properties").size() - required);
    }
}
