package dev.martlet.dialect;

/// What a provider sent is not what its dialect allows: nothing can be made of it. The message never repeats any of it.
public final class Garbled extends Exception {
    private static final long serialVersionUID = 1L;

    Garbled(String message) {
        super(message, null, false, false);
    }
}
