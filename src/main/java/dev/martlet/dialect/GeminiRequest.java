package dev.martlet.dialect;

/// A request, there and back.
final class GeminiRequest {
    private GeminiRequest() {}

    static Inquiry toHub(Inquiry inquiry, Losses losses) {
        throw new UnsupportedOperationException();
    }

    static Inquiry fromHub(Inquiry hub, Losses losses) {
        throw new UnsupportedOperationException();
    }
}
