package dev.martlet.config;

import dev.martlet.Trust;
import dev.martlet.server.Pem;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/// The section `tls` of a channel.
final class ChannelTls {
    private static final int BYTES_MAX = 1 << 20;
    private static final String ALLOWED = "a readable PEM file with the CERTIFICATE of each authority";

    private ChannelTls() {}

    static Trust read(Section tls) {
        Setting<Optional<Path>> setting = tls.setting("ca", TlsKeys.FILE);
        return setting.value(Optional.empty()).flatMap(file -> read(setting, file)).orElse(Trust.PUBLIC);
    }

    private static Optional<Trust> read(Setting<Optional<Path>> setting, Path file) {
        Findings findings = setting.reading().findings();
        try {
            List<X509Certificate> authorities = Pem.authorities(TextFile.read(file, BYTES_MAX, findings));
            findings.contents(setting.path() + " (what is in it)", List.of(file));
            return Optional.of(new Trust.Authorities(authorities));
        } catch (TextFile.Unreadable unreadable) {
            setting.refuse(unreadable.why(), ALLOWED);
        } catch (GeneralSecurityException unusable) {
            setting.refuse(String.valueOf(unusable.getMessage()), ALLOWED);
        }
        return Optional.empty();
    }
}
