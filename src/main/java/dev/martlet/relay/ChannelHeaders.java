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
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// The header lines of a channel call as they cross the gateway: only those that are named here, both ways, so that no
/// credential and no trace of one side reaches the other (`product.md`, section 4, "Headers").
final class ChannelHeaders {
    private static final Set<String> UP =
            names("Accept", "Content-Type", "User-Agent", "Idempotency-Key", "traceparent", "tracestate");

    /// What only some understand.
    private static final Map<Dialect, Set<String>> UP_TO =
            Map.of(
                    Dialect.OPENAI, names("OpenAI-Beta"),
                    Dialect.ANTHROPIC, names("anthropic-version", "anthropic-beta"));

    /// Meant for the account of the caller: with another key they would be refused.
    private static final Set<String> UP_WITH_CALLERS_KEY =
            names("OpenAI-Organization", "OpenAI-Project", "HTTP-Referer", "X-Title");

    private static final Set<String> DOWN =
            names("Content-Type", "Content-Encoding", "Content-Disposition", "Retry-After", "retry-after-ms");

    private static final String REQUEST_ID = "x-request-id";

    private ChannelHeaders() {}

    /// Of the caller's what is allowed, then what belongs to the request, then the channel's own, then the key.
    ///
    /// @param own of the request, in the place of the caller's of the same name
    static Fields toUpstream(ChannelCall asked, Attempt.OfChannel attempt, Fields own) {
        Channel channel = attempt.channel();
        Set<String> understood = UP_TO.getOrDefault(attempt.dialect(), Set.of());
        boolean forAccount = channel.takesCallersKeys() && attempt.dialect() == Dialect.OPENAI;
        List<Field> fields = new ArrayList<>();
        for (Field field : Headers.endToEnd(asked.call().fields())) {
            boolean meantForCaller = forAccount && UP_WITH_CALLERS_KEY.contains(field.name());
            boolean passes = meantForCaller || UP.contains(field.name()) || understood.contains(field.name());
            boolean replaced = channel.headers().has(field.name()) || own.has(field.name());
            if (passes && !replaced && !Headers.holdsClientKey(field.value())) fields.add(field);
        }
        own.without(field -> channel.headers().has(field.name())).forEach(fields::add);
        channel.headers().forEach(fields::add);
        fields.add(new Field("Accept-Encoding", "identity"));
        fields.add(new Field(REQUEST_ID, asked.call().id()));
        attempt.key().secret().map(channel.auth(attempt.dialect())::field).ifPresent(fields::add);
        return Fields.of(fields);
    }

    /// What an upstream may say to the client; nothing that echoes the key.
    static Fields toClient(Fields answer, Key key) {
        List<Field> fields = new ArrayList<>();
        for (Field field : Headers.endToEnd(answer)) {
            if (key.secret().map(Secret::value).filter(field.value()::contains).isPresent()) continue;
            if (DOWN.contains(field.name()) || speaksOfRates(field)) fields.add(field);
            else if (field.is(REQUEST_ID)) fields.add(new Field("x-upstream-request-id", field.value()));
        }
        return Fields.of(fields);
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

    private static Set<String> names(String... names) {
        Set<String> set = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        Collections.addAll(set, names);
        return set;
    }
}
