package dev.martlet.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.martlet.Channel;
import dev.martlet.Dialect;
import dev.martlet.Fields;
import dev.martlet.Key;
import dev.martlet.Keys;
import dev.martlet.ModelNames;
import dev.martlet.Patience;
import dev.martlet.Secret;
import dev.martlet.Streaming;
import dev.martlet.Target;
import dev.martlet.Timeouts;
import dev.martlet.Trust;
import dev.martlet.relay.Probe;
import dev.martlet.upstream.Upstream;
import dev.martlet.upstream.UpstreamSettings;
import dev.martlet.wire.Http1.RequestHead;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How a provider is asked for its models, which is also how it is asked whether it takes a key.
@Timeout(60)
class ProbeTest {
    private static final Duration TIME = Duration.ofSeconds(10);
    private static final Key KEY = new Key("one", Optional.of(new Secret("sk-fake-0123456789")), 1);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "OPENAI||/v1/models|authorization: Bearer sk-fake-0123456789|",
                "OPENAI|a=b|/v1/models?a=b|authorization: Bearer sk-fake-0123456789|",
                "ANTHROPIC||/v1/models?limit=1000|x-api-key: sk-fake-0123456789|2023-06-01",
                "ANTHROPIC|a=b|/v1/models?limit=1000&a=b|x-api-key: sk-fake-0123456789|2023-06-01"
            })
    void asksAsTheDialectHasIt(Dialect dialect, String query, String path, String credential, String version) {
        try (FakeProvider provider = FakeProvider.answering(FakeProvider.OK);
                Upstream upstream = new Upstream(UpstreamSettings.standard())) {
            Channel channel = channel(dialect, provider, query == null ? "" : query, Fields.NONE);
            new Probe(upstream).takes(channel, KEY, TIME, Patience.ENDLESS);
            RequestHead head = provider.requests().iterator().next();
            String[] field = credential.split(": ", 2);
            assertEquals(path, head.target());
            assertEquals(Optional.of(field[1]), head.fields().first(field[0]));
            assertEquals(Optional.ofNullable(version), head.fields().first("anthropic-version"));
        }
    }

    @Test
    void leavesItToTheChannelWhichVersionIsSpoken() {
        try (FakeProvider provider = FakeProvider.answering(FakeProvider.OK);
                Upstream upstream = new Upstream(UpstreamSettings.standard())) {
            Fields own = Fields.of("Anthropic-Version", "2099-01-01");
            new Probe(upstream).takes(channel(Dialect.ANTHROPIC, provider, "", own), KEY, TIME, Patience.ENDLESS);
            Fields fields = provider.requests().iterator().next().fields();
            assertEquals(List.of("2099-01-01"), fields.all("anthropic-version"));
        }
    }

    @Test
    void asksInTheFirstOfSeveralDialects() {
        try (FakeProvider provider = FakeProvider.answering(FakeProvider.OK);
                Upstream upstream = new Upstream(UpstreamSettings.standard())) {
            Channel one = channel(Dialect.GEMINI, provider, "", Fields.NONE);
            Map<Dialect, Target> targets = new HashMap<>();
            for (Dialect dialect : Dialect.values()) targets.put(dialect, one.targets().get(Dialect.GEMINI));
            new Probe(upstream).takes(channel(targets, "", Fields.NONE), KEY, TIME, Patience.ENDLESS);
            assertEquals("/v1/models", provider.requests().iterator().next().target());
        }
    }

    private static Channel channel(Dialect dialect, FakeProvider provider, String query, Fields headers) {
        Target target =
                new Target(
                        false,
                        "127.0.0.1",
                        provider.port(),
                        "/v1",
                        new Trust.Public(),
                        Optional.empty(),
                        new Timeouts(TIME, TIME, TIME, TIME));
        return channel(Map.of(dialect, target), query, headers);
    }

    private static Channel channel(Map<Dialect, Target> targets, String query, Fields headers) {
        return new Channel(
                "one",
                targets,
                Map.of(),
                query,
                new Keys.Own(List.of(KEY)),
                ModelNames.ALL,
                0,
                1,
                headers,
                Streaming.AS_ASKED,
                0,
                TIME);
    }
}
