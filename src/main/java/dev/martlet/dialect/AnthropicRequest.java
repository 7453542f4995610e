package dev.martlet.dialect;

/// A request, there and back.
final class AnthropicRequest {
    private AnthropicRequest() {}

    static Inquiry toHub(Inquiry inquiry, Losses losses) {
        return inquiry.with(new AnthropicRequestToHub(Given.of(inquiry.body()), losses).hub());
    }

    static Inquiry fromHub(Inquiry hub, Losses losses) {
        return hub.with(new AnthropicRequestFromHub(hub, losses).body());
    }
}
