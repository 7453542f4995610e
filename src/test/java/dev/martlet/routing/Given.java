package dev.martlet.routing;

import dev.martlet.Auth;
import dev.martlet.Channel;
import dev.martlet.Dialect;
import dev.martlet.Fields;
import dev.martlet.Key;
import dev.martlet.Keys;
import dev.martlet.ModelNames;
import dev.martlet.Secret;
import dev.martlet.Streaming;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// A channel, as a test needs it; what is not said is as it is by default.
final class Given {
    private final String name;
    private Dialect dialect = Dialect.OPENAI;
    private Keys keys = new Keys.Own(List.of(Key.NONE));
    private ModelNames models = ModelNames.ALL;
    private int priority;
    private int weight = 1;
    private int concurrency;
    private String host;
    private Auth auth = Auth.BEARER;

    private Given(String name) {
        this.name = name;
        this.host = name;
    }

    static Given channel(String name) {
        return new Given(name);
    }

    /// Each a name, or a name with its weight: `k1`, `k1:9`.
    Given keys(String... words) {
        keys = new Keys.Own(Stream.of(words).map(this::key).toList());
        return this;
    }

    private Key key(String word) {
        String[] parts = word.split(":", -1);
        int weight = parts.length == 1 ? 1 : Integer.parseInt(parts[1]);
        return new Key(parts[0], Optional.of(new Secret("sk-fake-" + name + parts[0])), weight);
    }

    Given fromClient() {
        keys = new Keys.FromClient();
        return this;
    }

    Given speaks(Dialect one) {
        dialect = one;
        return this;
    }

    /// Each a name, a pattern, or a name and what it is called upstream: `a`, `a*`, `a: b`.
    Given models(String... words) {
        models = new ModelNames(Stream.of(words).map(Given::rule).toList());
        return this;
    }

    private static ModelNames.Rule rule(String word) {
        String[] parts = word.split(": ", -1);
        return new ModelNames.Rule(parts[0], parts.length == 1 ? Optional.empty() : Optional.of(parts[1]));
    }

    Given priority(int number) {
        priority = number;
        return this;
    }

    Given weight(int number) {
        weight = number;
        return this;
    }

    Given concurrency(int number) {
        concurrency = number;
        return this;
    }

    Given at(String otherHost) {
        host = otherHost;
        return this;
    }

    Given wants(Auth other) {
        auth = other;
        return this;
    }

    Channel made() {
        return new Channel(
                name,
                Map.of(dialect, Pool.target(host)),
                Map.of(dialect, auth),
                "",
                keys,
                models,
                priority,
                weight,
                Fields.NONE,
                Streaming.AS_ASKED,
                concurrency,
                Duration.ofMinutes(10));
    }
}
