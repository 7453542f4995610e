package dev.martlet;

import java.nio.file.Path;

/// What a TLS peer has to prove.
public sealed interface Trust {
    Trust PUBLIC = new Public();

    /// A certificate for the host's name, signed by an authority that the JDK trusts.
    record Public() implements Trust {}

    /// A certificate for the host's name, signed by one of the authorities in this PEM file.
    record Authorities(Path pem) implements Trust {}
}
