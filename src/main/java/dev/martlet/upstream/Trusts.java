package dev.martlet.upstream;

import dev.martlet.Trust;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
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
                        case Trust.Authorities(List<X509Certificate> certificates) -> trusting(certificates);
                    };
            SSLContext first = contexts.putIfAbsent(trust, made);
            return first == null ? made : first;
        } catch (GeneralSecurityException e) {
            throw new SSLException("cannot use the certificates to trust", e);
        }
    }

    private static SSLContext trusting(List<X509Certificate> certificates)
            throws GeneralSecurityException, IOException {
        KeyStore authorities = KeyStore.getInstance(KeyStore.getDefaultType());
        authorities.load(null, null);
        for (X509Certificate certificate : certificates) {
            authorities.setCertificateEntry("ca-" + authorities.size(), certificate);
        }
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(authorities);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }
}
