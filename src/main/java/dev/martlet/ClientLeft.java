package dev.martlet;

/// The client is gone: nothing more can be read from it or written to it. Has no stack trace: it is news, not a bug.
public final class ClientLeft extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ClientLeft() {
        super("the client left", null, false, false);
    }
}
