package dev.martlet.relay;

import dev.martlet.Call;
import dev.martlet.Field;
import dev.martlet.Fields;
import dev.martlet.Target;
import dev.martlet.wire.Headers;
import dev.martlet.wire.Http1.Framing;
import dev.martlet.wire.Http1.ResponseHead;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The header lines and the query of a raw call as they cross the gateway (`product.md`, section 4, "Headers").
final class RawHeaders {
    private static final String LENGTH = "Content-Length";

    private RawHeaders() {}

    /// Everything end-to-end, but our own names and keys; a page's origin becomes the target's.
    static Fields toUpstream(Call call, Target target) {
        Fields passed = Headers.endToEnd(call.fields()).without(RawHeaders::staysHere);
        List<Field> fields = new ArrayList<>(passed.size() + 1);
        for (Field field : passed) {
            if (field.is("Origin")) fields.add(new Field(field.name(), target.origin()));
            else if (field.is("Referer")) fields.add(new Field(field.name(), target.origin() + "/"));
            else fields.add(field);
        }
        fields.add(new Field("x-request-id", call.id()));
        return Fields.of(fields);
    }

    /// Everything end-to-end, but CORS, which is ours to say. The upstream's request id steps aside for ours. An answer that
    /// has no body may say how long it would be, but for a 204 (RFC 9110, section 8.6): there are clients that wait for it.
    static Fields toClient(ResponseHead answer, Framing framing) {
        List<Field> fields = new ArrayList<>(answer.fields().size());
        for (Field field : Headers.endToEnd(answer.fields())) {
            if (Headers.isCors(field)) continue;
            fields.add(field.is("x-request-id") ? new Field("x-upstream-request-id", field.value()) : field);
        }
        boolean saysLength = framing instanceof Framing.None && answer.status() != 204;
        if (saysLength) answer.fields().first(LENGTH).ifPresent(bytes -> fields.add(new Field(LENGTH, bytes)));
        return Fields.of(fields);
    }

    /// Path and query without parameters whose value is a client key of ours.
    static String target(String target) {
        int query = target.indexOf('?');
        if (query < 0) return target;
        List<String> kept = new ArrayList<>();
        boolean dropped = false;
        for (String parameter : target.substring(query + 1).split("&", -1)) {
            boolean secret = Headers.holdsClientKey(decoded(parameter));
            dropped |= secret;
            if (!secret) kept.add(parameter);
        }
        return dropped ? target.substring(0, query + 1) + String.join("&", kept) : target;
    }

    private static boolean staysHere(Field field) {
        return field.is("Host")
                || field.is("Expect")
                || field.is("x-request-id")
                || field.name().regionMatches(true, 0, "x-martlet-", 0, "x-martlet-".length())
                || Headers.holdsClientKey(field.value());
    }

    private static String decoded(String parameter) {
        try {
            return URLDecoder.decode(parameter, StandardCharsets.ISO_8859_1);
        } catch (IllegalArgumentException e) {
            return parameter;
        }
    }
}
