package dev.martlet.relay;

import dev.martlet.Channel;
import dev.martlet.ChannelCall;
import dev.martlet.Dialect;
import dev.martlet.Field;
import dev.martlet.Fields;
import dev.martlet.Key;
import dev.martlet.Secret;
import dev.martlet.routing.Attempt;
import dev.martlet.wire.Headers;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The header lines of a channel call as they cross the gateway: only those that are named here, both ways, so that no
/// credential and no trace of one side reaches the other (`product.md`, section 4, "Headers").
final class ChannelHeaders {
    private static final List<String> UP =
            List.of("Accept", "Content-Type", "User-Agent", "Idempotency-Key", "traceparent", "tracestate");

    /// What only some understand.
    private static final Map<Dialect, List<String>> UP_TO =
            Map.of(
                    Dialect.OPENAI, List.of("OpenAI-Beta"),
                    Dialect.ANTHROPIC, List.of("anthropic-version", "anthropic-beta"));

    /// Meant for the account of the caller: with another key they would be refused.
    private static final List<String> UP_WITH_CALLERS_KEY =
            List.of("OpenAI-Organization", "OpenAI-Project", "HTTP-Referer", "X-Title");

    private static final List<String> DOWN =
            List.of("Content-Type", "Content-Encoding", "Content-Disposition", "Retry-After", "retry-after-ms");

    private static final Field UNPACKED = new Field("Accept-Encoding", "identity");

    private static final String REQUEST_ID = "x-request-id";

    private ChannelHeaders() {}

    /// Of the caller's what is allowed, then what belongs to the request, then the channel's own, then the key.
    ///
    /// @param own of the request, in the place of the caller's of the same name
    static Fields toUpstream(ChannelCall asked, Attempt.OfChannel attempt, Fields own) {
        Channel channel = attempt.channel();
        List<String> understood = UP_TO.getOrDefault(attempt.dialect(), List.of());
        boolean forAccount = channel.takesCallersKeys() && attempt.dialect() == Dialect.OPENAI;
        Fields given = asked.call().fields();
        List<Field> fields = new ArrayList<>(given.size() + 4);
        for (Field field : given) {
            boolean meantForCaller = forAccount && isAmong(UP_WITH_CALLERS_KEY, field);
            boolean passes = meantForCaller || isAmong(UP, field) || isAmong(understood, field);
            boolean replaced = channel.headers().has(field.name()) || own.has(field.name());
            if (!passes || replaced || isForPeer(field, given)) continue;
            if (!Headers.holdsClientKey(field.value())) fields.add(field);
        }
        own.without(field -> channel.headers().has(field.name())).forEach(fields::add);
        channel.headers().forEach(fields::add);
        fields.add(UNPACKED);
        fields.add(new Field(REQUEST_ID, asked.call().id()));
        attempt.key().secret().map(channel.auth(attempt.dialect())::field).ifPresent(fields::add);
        return Fields.of(fields);
    }

    /// What an upstream may say to the client; nothing that echoes the key.
    static Fields toClient(Fields answer, Key key) {
        String secret = key.secret().map(Secret::value).orElse("");
        List<Field> fields = new ArrayList<>(answer.size());
        for (Field field : answer) {
            boolean id = field.is(REQUEST_ID);
            boolean passes = id || isAmong(DOWN, field) || speaksOfRates(field);
            if (!passes || isForPeer(field, answer)) continue;
            if (!secret.isEmpty() && field.value().contains(secret)) continue;
            fields.add(id ? new Field("x-upstream-request-id", field.value()) : field);
        }
        return Fields.of(fields);
    }

    /// Whether a field that could pass is not meant for the far end: `Connection` names it (RFC 9110, section 7.6.1). Those
    /// that never are do not pass anyway.
    private static boolean isForPeer(Field field, Fields fields) {
        return fields.lists("Connection", field.name());
    }

    /// The same for an event stream, which no proxy may hold back unless the upstream says otherwise.
    static Fields toClientOfStream(Fields answer, Key key) {
        return toClient(answer, key)
                .and(said(answer, "Cache-Control", "no-cache"))
                .and(said(answer, "X-Accel-Buffering", "no"));
    }

    private static Fields said(Fields answer, String name, String otherwise) {
        Optional<String> said = answer.first(name);
        return Fields.of(name, said.orElse(otherwise));
    }

    private static boolean speaksOfRates(Field field) {
        String name = field.name();
        return name.regionMatches(true, 0, "x-ratelimit-", 0, "x-ratelimit-".length())
                || name.regionMatches(true, 0, "ratelimit", 0, "ratelimit".length());
    }

    /// Nearly all names differ in their length already: quicker than looking one up in a set that knows no case.
    private static boolean isAmong(List<String> names, Field field) {
        for (String name : names) {
            if (field.is(name)) return true;
        }
        return false;
    }
}
