package dev.martlet.config;

import dev.martlet.server.ServerSettings;
import dev.martlet.server.ServerSettings.Limits;
import dev.martlet.server.ServerSettings.Listen;
import dev.martlet.server.ServerSettings.Times;

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
        return new ServerSettings(
                listen(server, standard.listen()),
                standard.admin(),
                standard.tls(),
                standard.trustedProxies(),
                limits(server.section("limits"), standard.limits()),
                times(server.section("timeouts"), standard.times()),
                standard.perAddress());
    }

    private static Listen listen(Section server, Listen standard) {
        String host = server.setting("host", Host.KIND).value(standard.host());
        return new Listen(host, server.setting("port", PORT).or(PORT, "PORT").value(standard.port()));
    }

    private static Limits limits(Section limits, Limits standard) {
        return new Limits(
                Math.toIntExact(limits.setting("request-header", HEADER).value((long) standard.headBytes())),
                limits.setting("headers", HEADERS).value(standard.headers()),
                limits.setting("upload", UPLOAD).value(standard.uploadBytes()),
                standard.connections(),
                standard.inFlight(),
                standard.bufferedBytes());
    }

    private static Times times(Section timeouts, Times standard) {
        return new Times(
                timeouts.setting("request-header", HEAD_TIME).value(standard.head()),
                timeouts.setting("request-body", BODY_TIME).value(standard.body()),
                standard.write(),
                standard.idle(),
                standard.restartDrain(),
                standard.drain());
    }
}
