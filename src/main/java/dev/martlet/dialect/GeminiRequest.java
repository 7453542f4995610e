package dev.martlet.dialect;

import dev.martlet.Operation;

/// A request, there and back.
final class GeminiRequest {
    private GeminiRequest() {}

    static Inquiry toHub(Inquiry inquiry, Losses losses) {
        Given asked = Given.of(inquiry.body());
        if (inquiry.kind() == Operation.Kind.EMBEDDINGS) return inquiry.with(GeminiEmbeddings.toHub(asked, losses));
        return inquiry.with(new GeminiRequestToHub(asked, losses).hub());
    }

    static Inquiry fromHub(Inquiry hub, Losses losses) {
        if (hub.kind() == Operation.Kind.EMBEDDINGS) return hub.with(GeminiEmbeddings.fromHub(hub, losses));
        return hub.with(new GeminiRequestFromHub(hub, losses).body());
    }
}
