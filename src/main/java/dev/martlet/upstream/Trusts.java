package dev.martlet.upstream;

import dev.martlet.Trust;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;

/// One TLS context for each kind of trust, so that sessions are resumed. There is none that trusts everybody.
final class Trusts {
    private final ConcurrentMap<Trust, SSLContext> contexts = new ConcurrentHashMap<>();

    SSLContext context(Trust trust) throws IOException {
        SSLContext known = contexts.get(trust);
        if (known != null) return known;
        try {
            SSLContext made =
                    switch (trust) {
                        case Trust.Public _ -> SSLContext.getDefault();
                        case Trust.Authorities(Path pem) -> trusting(pem);
                    };
            SSLContext first = contexts.putIfAbsent(trust, made);
            return first == null ? made : first;
        } catch (GeneralSecurityException e) {
            throw new SSLException("cannot read the certificates to trust", e);
        }
    }

    private static SSLContext trusting(Path pem) throws GeneralSecurityException, IOException {
        KeyStore authorities = KeyStore.getInstance(KeyStore.getDefaultType());
        authorities.load(null, null);
        try (InputStream in = new BufferedInputStream(Files.newInputStream(pem))) {
            for (Certificate certificate : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                authorities.setCertificateEntry("ca-" + authorities.size(), certificate);
            }
        }
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(authorities);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }
}
