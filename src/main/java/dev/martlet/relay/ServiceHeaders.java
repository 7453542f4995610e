package dev.martlet.relay;

import dev.martlet.Field;
import dev.martlet.Fields;
import dev.martlet.NamedService;
import dev.martlet.ServiceCall;
import dev.martlet.wire.Http1.Framing;
import dev.martlet.wire.Http1.ResponseHead;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// The header lines of a call to a service as they cross the gateway: those of a raw call, but for what would tell a
/// stranger who calls or set something for the gateway's own name (`product.md`, section 4, "Headers").
final class ServiceHeaders {
    private static final String USER_AGENT = "Mozilla/5.0 (compatible; API Gateway/1.0)";

    private static final Set<String> STAY_HERE = names("Cookie", "Cookie2", "Set-Cookie", "Forwarded", "Via");
    private static final List<String> STAY_HERE_PREFIXES = List.of("x-forwarded-", "x-real-", "cf-");

    /// What a browser, or a proxy in front of us, would take for the gateway's own word: a file that the proxy is told to
    /// send is one of this machine.
    private static final Set<String> STAY_THERE =
            names(
                    "Set-Cookie",
                    "Set-Cookie2",
                    "Server",
                    "X-Powered-By",
                    "Alt-Svc",
                    "Strict-Transport-Security",
                    "Clear-Site-Data",
                    "Service-Worker-Allowed",
                    "X-Accel-Redirect",
                    "X-Sendfile",
                    "CF-Ray",
                    "CF-Cache-Status");

    /// A page of a service must not be taken for one of the gateway's.
    private static final Fields PAGE = Fields.of("X-Content-Type-Options", "nosniff", "X-Frame-Options", "DENY");

    private static final Fields EVENTS = Fields.of("Cache-Control", "no-cache", "X-Accel-Buffering", "no");
    private static final Set<String> CREDENTIALS = names("Authorization", "x-api-key", "api-key", "x-goog-api-key");
    private static final int SECRET_LENGTH_MIN = 8;

    private ServiceHeaders() {}

    /// What the service wants said comes where the caller does not say it.
    static Fields toUpstream(ServiceCall asked, NamedService service) {
        Fields passed =
                RawHeaders.toUpstream(asked.call(), service.service().target()).without(ServiceHeaders::staysHere);
        Fields all = passed.and(service.defaults().without(field -> passed.has(field.name())));
        return all.has("User-Agent") ? all : all.with("User-Agent", USER_AGENT);
    }

    /// The credentials of the caller do not come back, wherever they stand.
    static Fields toClient(ResponseHead answer, Framing framing, ServiceCall asked) {
        List<String> secrets = secrets(asked.call().fields());
        return RawHeaders.toClient(answer, framing)
                .without(field ->
                        STAY_THERE.contains(field.name()) || secrets.stream().anyMatch(field.value()::contains));
    }

    /// The fields that the gateway adds to an answer, where the service has not said them itself.
    static Fields added(Fields answer) {
        Fields own = isEventStream(answer) ? PAGE.and(EVENTS) : PAGE;
        return own.without(field -> answer.has(field.name()));
    }

    static boolean isEventStream(Fields answer) {
        String type = answer.first("Content-Type").orElse("");
        return type.regionMatches(true, 0, "text/event-stream", 0, "text/event-stream".length());
    }

    private static List<String> secrets(Fields request) {
        List<String> secrets = new ArrayList<>(1);
        for (Field field : request) {
            String secret = field.value().substring(field.value().lastIndexOf(' ') + 1);
            boolean one = CREDENTIALS.contains(field.name()) && secret.length() >= SECRET_LENGTH_MIN;
            if (one) secrets.add(secret);
        }
        return secrets;
    }

    private static boolean staysHere(Field field) {
        return STAY_HERE.contains(field.name())
                || STAY_HERE_PREFIXES.stream()
                        .anyMatch(prefix -> field.name().regionMatches(true, 0, prefix, 0, prefix.length()));
    }

    private static Set<String> names(String... names) {
        Set<String> set = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        Collections.addAll(set, names);
        return set;
    }
}
