package dev.martlet.wire;

import java.io.IOException;

/// Bytes that are not a message. Nothing more can be read from the connection that brought them.
///
/// The message says what is wrong and never repeats what was sent.
public final class Malformed extends IOException {
    private static final long serialVersionUID = 1L;

    private final int status;

    Malformed(int status, String what) {
        super(what);
        this.status = status;
    }

    static Malformed because(String what) {
        return new Malformed(400, what);
    }

    /// The status that tells a client so: 400, 413, 414, 431, 501 or 505.
    public int status() {
        return status;
    }
}
