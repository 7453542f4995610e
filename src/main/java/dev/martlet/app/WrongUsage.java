package dev.martlet.app;

/// The command line says something that we do not know.
final class WrongUsage extends RuntimeException {
    private static final long serialVersionUID = 1L;

    WrongUsage(String what) {
        super(what);
    }
}
