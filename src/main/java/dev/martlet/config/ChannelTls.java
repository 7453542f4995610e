package dev.martlet.config;

import dev.martlet.Trust;
import dev.martlet.server.Pem;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Optional;

/// The section `tls` of a channel.
final class ChannelTls {
    /// What such a file counts under; it is read once, so that other content waits for the next start.
    static final String FILE = "the file of ";

    private static final String ALLOWED = "a readable PEM file with the CERTIFICATE of each authority";

    private ChannelTls() {}

    static Trust read(Section tls) {
        Setting<Optional<Path>> setting = tls.setting("ca", TlsKeys.FILE);
        Optional<Path> file = setting.value(Optional.empty());
        file.ifPresent(path -> check(setting, path));
        return file.<Trust>map(Trust.Authorities::new).orElse(Trust.PUBLIC);
    }

    private static void check(Setting<Optional<Path>> setting, Path file) {
        Findings findings = setting.reading().findings();
        try {
            Pem.authorities(TextFile.read(file, TlsKeys.BYTES_MAX, findings));
        } catch (TextFile.Unreadable unreadable) {
            setting.refuse(unreadable.why(), ALLOWED);
        } catch (GeneralSecurityException unusable) {
            setting.refuse(String.valueOf(unusable.getMessage()), ALLOWED);
        }
        findings.contents(FILE + setting.path(), List.of(file));
    }
}
