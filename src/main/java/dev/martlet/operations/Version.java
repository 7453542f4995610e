package dev.martlet.operations;

import java.util.Objects;

/// Which Martlet this is, from the jar's manifest.
public final class Version {
    public static final String TEXT =
            Objects.requireNonNullElse(Version.class.getPackage().getImplementationVersion(), "development");

    private Version() {}
}
