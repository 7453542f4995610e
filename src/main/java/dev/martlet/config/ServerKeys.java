package dev.martlet.config;

import dev.martlet.server.ServerSettings;

import java.time.Duration;

/// The section `server`, as far as it is fixed while Martlet runs.
final class ServerKeys {
    private static final Kind<Integer> PORT = Kind.whole(0, 65_535);
    private static final Kind<Long> HEADER = Kind.size(1 << 10, 1 << 20);
    private static final Kind<Integer> HEADERS = Kind.whole(10, 1_000);
    private static final Kind<Long> UPLOAD = Kind.size(1 << 10, 64L << 30);
    private static final Kind<Duration> HEAD_TIME = Kind.time(Duration.ofMillis(100), Duration.ofHours(1));
    private static final Kind<Duration> BODY_TIME = Kind.time(Duration.ofMillis(100), Duration.ofDays(1));

    private ServerKeys() {}

    static ServerSettings read(Section server) {
        ServerSettings standard = ServerSettings.standard();
        String host = server.setting("host", Host.KIND).value(standard.host());
        int port = server.setting("port", PORT).or(PORT, "PORT").value(standard.port());
        Section limits = server.section("limits");
        Section timeouts = server.section("timeouts");
        return new ServerSettings(
                host,
                port,
                Math.toIntExact(limits.setting("request-header", HEADER).value((long) standard.requestHeaderBytes())),
                limits.setting("headers", HEADERS).value(standard.requestHeaders()),
                limits.setting("upload", UPLOAD).value(standard.uploadBytes()),
                timeouts.setting("request-header", HEAD_TIME).value(standard.headTime()),
                timeouts.setting("request-body", BODY_TIME).value(standard.bodyTime()),
                standard.idleTime());
    }
}
