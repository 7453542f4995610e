package dev.martlet.dialect;

import dev.martlet.Operation;

/// A request, there and back.
final class AnthropicRequest {
    private AnthropicRequest() {}

    static Inquiry toHub(Inquiry inquiry, Losses losses) {
        return inquiry.with(new AnthropicRequestToHub(Given.of(inquiry.body()), losses).hub());
    }

    static Inquiry fromHub(Inquiry hub, Losses losses) {
        if (hub.kind() != Operation.Kind.CHAT) throw losses.refused("model", "Anthropic has chats only");
        return hub.with(new AnthropicRequestFromHub(hub, losses).body());
    }
}
