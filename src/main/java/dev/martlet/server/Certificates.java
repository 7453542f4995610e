package dev.martlet.server;

import dev.martlet.server.ServerSettings.Certificate;

import io.helidon.common.configurable.Resource;
import io.helidon.common.pki.Keys;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/// The certificate of the listener. Read anew on reload; connections that are open keep the one they began with.
final class Certificates {
    static {
        // Each renegotiation costs us more than the client that asks for it; nginx and HAProxy refuse it, too.
        System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
    }

    private final Certificate files;
    private volatile SSLContext context;

    /// @throws IOException if the files cannot be read; that they belong together is checked with the configuration
    Certificates(Certificate files) throws IOException {
        this.files = files;
        this.context = read(files);
    }

    SSLContext inForce() {
        return context;
    }

    /// @throws IOException if the files cannot be read; the old certificate stays
    void reload() throws IOException {
        context = read(files);
    }

    private static SSLContext read(Certificate files) throws IOException {
        try {
            Keys keys =
                    Keys.builder()
                            .pem(pem -> pem.key(Resource.create(files.key())).certChain(Resource.create(files.chain())))
                            .build();
            List<X509Certificate> chain = keys.certChain();
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry(
                    "martlet",
                    keys.privateKey().orElseThrow(() -> new IOException("no private key in " + files.key())),
                    new char[0],
                    chain.toArray(X509Certificate[]::new));
            KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(store, new char[0]);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(managers.getKeyManagers(), null, new SecureRandom());
            return context;
        } catch (GeneralSecurityException | RuntimeException e) {
            throw new IOException("cannot use " + files.chain() + " with " + files.key() + ": " + e.getMessage(), e);
        }
    }
}
