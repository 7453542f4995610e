package dev.martlet;

import java.security.cert.X509Certificate;
import java.util.List;

/// What a TLS peer has to prove.
public sealed interface Trust {
    Trust PUBLIC = new Public();

    /// A certificate for the host's name, signed by an authority that the JDK trusts.
    record Public() implements Trust {}

    /// A certificate for the host's name, signed by one of these authorities.
    record Authorities(List<X509Certificate> certificates) implements Trust {
        public Authorities {
            certificates = List.copyOf(certificates);
        }

        /// Not the certificates: each is a page of text.
        @Override
        public String toString() {
            return "Authorities";
        }
    }
}
