package dev.martlet.upstream;

import java.io.IOException;

/// The peer ended the connection without a byte of an answer.
final class Closed extends IOException {
    private static final long serialVersionUID = 1L;
}
