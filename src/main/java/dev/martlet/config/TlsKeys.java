package dev.martlet.config;

import dev.martlet.server.Pem;
import dev.martlet.server.ServerSettings.Certificate;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The section `server.tls`: two files, looked into here so that a mistake shows before the listener needs them.
final class TlsKeys {
    private static final int BYTES_MAX = 256 << 10;
    static final Kind<Optional<Path>> FILE =
            Kind.orWord("", new Kind<>("the absolute path of a file", TlsKeys::absolute));
    private static final String PAIR = "certificate and key, or neither";
    private static final String CHAIN = "a readable PEM file with the CERTIFICATE of the host, then those that sign it";
    private static final String KEY =
            "a readable PEM file with the PRIVATE KEY (PKCS #8, not encrypted) of that certificate";

    private TlsKeys() {}

    static Optional<Certificate> read(Section tls) {
        Setting<Optional<Path>> chain = tls.setting("certificate", FILE);
        Setting<Optional<Path>> key = tls.setting("key", FILE);
        Optional<Path> chainFile = chain.value(Optional.empty());
        Optional<Path> keyFile = key.value(Optional.empty());
        if (chainFile.isEmpty() && keyFile.isPresent()) key.refuse("has no certificate beside it", PAIR);
        if (keyFile.isEmpty() && chainFile.isPresent()) chain.refuse("has no key beside it", PAIR);
        if (chainFile.isEmpty() || keyFile.isEmpty()) return Optional.empty();
        certificates(chain, chainFile.get()).ifPresent(found -> checkKey(key, keyFile.get(), found.getFirst()));
        chain.reading().findings().contents("the files of server.tls", List.of(chainFile.get(), keyFile.get()));
        return Optional.of(new Certificate(chainFile.get(), keyFile.get()));
    }

    private static Optional<List<X509Certificate>> certificates(Setting<Optional<Path>> chain, Path file) {
        Findings findings = chain.reading().findings();
        try {
            List<X509Certificate> certificates = Pem.certificates(TextFile.read(file, BYTES_MAX, findings));
            Instant end = certificates.getFirst().getNotAfter().toInstant();
            if (end.isBefore(Instant.now())) findings.remark(chain.path() + " has expired: it was valid until " + end);
            return Optional.of(certificates);
        } catch (TextFile.Unreadable unreadable) {
            chain.refuse(unreadable.why(), CHAIN);
        } catch (GeneralSecurityException unusable) {
            chain.refuse(String.valueOf(unusable.getMessage()), CHAIN);
        }
        return Optional.empty();
    }

    private static void checkKey(Setting<Optional<Path>> key, Path file, X509Certificate owner) {
        Findings findings = key.reading().findings();
        try {
            Pem.key(TextFile.read(file, BYTES_MAX, findings), owner);
        } catch (TextFile.Unreadable unreadable) {
            key.refuse(unreadable.why(), KEY);
        } catch (GeneralSecurityException unusable) {
            key.refuse(String.valueOf(unusable.getMessage()), KEY);
        }
    }

    private static Optional<Path> absolute(String text) {
        try {
            return Optional.of(Path.of(text)).filter(Path::isAbsolute);
        } catch (InvalidPathException _) {
            return Optional.empty();
        }
    }
}
