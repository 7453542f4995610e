package dev.martlet.dialect;

import java.util.Set;

/// What every answer to one call says besides the words of the model, in whole and in each of its events.
///
/// @param id         of the answer, where the provider gave it none; without a prefix
/// @param created    seconds since 1970
/// @param model      as the caller wrote it
/// @param usageAsked whether a stream is to end with a count of tokens, where callers have a choice
/// @param forms      other than the usual ones in which the caller wants something written
public record Heading(String id, long created, String model, boolean usageAsked, Set<Form> forms) {
    /// Another form for what the hub says.
    public enum Form {
        /// A vector as the bytes of its numbers in base64: official SDKs ask for it unless they are told not to.
        VECTORS_IN_BASE64,
        /// A call of a tool as `function_call`, for callers who gave `functions` and not `tools`.
        FUNCTION_CALL
    }

    public Heading {
        forms = Set.copyOf(forms);
    }

    public Heading(String id, long created, String model, boolean usageAsked) {
        this(id, created, model, usageAsked, Set.of());
    }
}
