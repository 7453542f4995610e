package dev.martlet.server;

import dev.martlet.server.ServerSettings.Certificate;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/// The certificate of the listener. Read anew on reload; connections that are open keep the one they began with.
final class Certificates {
    private static final int BYTES_MAX = 256 << 10;

    static {
        // Each renegotiation costs us more than the client that asks for it; nginx and HAProxy refuse it, too.
        System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
    }

    private final Certificate files;
    private volatile SSLContext context;

    /// @throws IOException if the files cannot be used
    Certificates(Certificate files) throws IOException {
        this.files = files;
        this.context = read(files);
    }

    SSLContext inForce() {
        return context;
    }

    /// @throws IOException if the files cannot be used; the old certificate stays
    void reload() throws IOException {
        context = read(files);
    }

    private static SSLContext read(Certificate files) throws IOException {
        try {
            List<X509Certificate> chain = Pem.certificates(text(files.chain()));
            PrivateKey key = Pem.key(text(files.key()), chain.getFirst());
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("martlet", key, new char[0], chain.toArray(X509Certificate[]::new));
            KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(store, new char[0]);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(managers.getKeyManagers(), null, new SecureRandom());
            return context;
        } catch (GeneralSecurityException | RuntimeException e) {
            throw new IOException("cannot use " + files.chain() + " with " + files.key() + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new IOException("cannot read " + files.chain() + " with " + files.key() + ": " + e.getMessage(), e);
        }
    }

    /// What is in the blocks is ASCII; what is around them does not matter.
    private static String text(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(BYTES_MAX), StandardCharsets.ISO_8859_1);
        }
    }
}
