package dev.martlet.dialect;

import dev.martlet.Operation;

import java.util.Optional;

/// The names that callers give to models.
final class Models {
    private static final int NAME_CHARACTERS_MAX = 512;

    private Models() {}

    /// What a call that names no model is routed by: OpenAI's own default where it has one (its API reference, "model").
    static String whenAbsent(Operation operation) {
        return switch (operation.kind()) {
            case MODERATIONS -> "omni-moderation-latest";
            case IMAGES -> "dall-e-2";
            case CHAT, COMPLETIONS, EMBEDDINGS, RERANK, AUDIO ->
                    throw RequestReading.refused(
                            "missing_required_parameter", "Missing required parameter: 'model'", Optional.of("model"));
        };
    }

    static String checked(String name) {
        boolean usual = !name.isBlank() && name.length() <= NAME_CHARACTERS_MAX;
        for (int i = 0; usual && i < name.length(); i++) usual = !Character.isISOControl(name.charAt(i));
        if (usual) return name;
        throw RequestReading.refused(
                "invalid_value",
                "Invalid value for 'model': 1 to "
                        + NAME_CHARACTERS_MAX
                        + " characters, none of them a control character",
                Optional.of("model"));
    }
}
