package dev.martlet.wire;

import java.io.EOFException;

/// The sender stopped in the middle of a message.
public final class Truncated extends EOFException {
    private static final long serialVersionUID = 1L;

    Truncated(String where) {
        super("the connection ended in the middle of " + where);
    }
}
