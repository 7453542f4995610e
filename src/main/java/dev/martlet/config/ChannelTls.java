package dev.martlet.config;

import dev.martlet.Trust;
import dev.martlet.server.Pem;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Optional;

/// The section `tls` of a channel.
final class ChannelTls {
    private static final int BYTES_MAX = 1 << 20;
    private static final String ALLOWED = "a readable PEM file with the CERTIFICATE of each authority";

    private ChannelTls() {}

    static Trust read(Section tls) {
        Setting<Optional<Path>> setting = tls.setting("ca", TlsKeys.FILE);
        Optional<Path> file = setting.value(Optional.empty());
        file.ifPresent(path -> check(setting, path));
        return file.<Trust>map(Trust.Authorities::new).orElse(Trust.PUBLIC);
    }

    private static void check(Setting<Optional<Path>> setting, Path file) {
        try {
            Pem.authorities(TextFile.read(file, BYTES_MAX, setting.reading().findings()));
        } catch (TextFile.Unreadable unreadable) {
            setting.refuse(unreadable.why(), ALLOWED);
        } catch (GeneralSecurityException unusable) {
            setting.refuse(String.valueOf(unusable.getMessage()), ALLOWED);
        }
    }
}
