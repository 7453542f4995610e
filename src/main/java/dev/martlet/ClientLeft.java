package dev.martlet;

/// The client is gone: nothing more can be read from it or written to it. Has no stack trace: it is news, not a bug.
public final class ClientLeft extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Departure how;

    public ClientLeft(Departure how) {
        super("the client is gone: " + how, null, false, false);
        this.how = how;
    }

    public Departure how() {
        return how;
    }
}
