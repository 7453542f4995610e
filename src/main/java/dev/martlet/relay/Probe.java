package dev.martlet.relay;

import static java.util.stream.Collectors.joining;

import dev.martlet.Body;
import dev.martlet.Channel;
import dev.martlet.Dialect;
import dev.martlet.Field;
import dev.martlet.Fields;
import dev.martlet.Key;
import dev.martlet.Patience;
import dev.martlet.Signal;
import dev.martlet.Target;
import dev.martlet.dialect.ModelList;
import dev.martlet.upstream.Exchange;
import dev.martlet.upstream.ExchangeFailed;
import dev.martlet.upstream.Upstream;

import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;

/// One exchange with one channel and one key, outside of any call: no plan, no second try, nothing remembered.
public final class Probe {
    private static final int BYTES_MAX = 8 << 20;
    private static final int FIRST_BYTES = 16 << 10;

    private final Upstream upstream;

    public Probe(Upstream upstream) {
        this.upstream = upstream;
    }

    /// What came of it.
    public sealed interface Outcome {
        /// An answer; its content up to 8 MiB.
        @SuppressWarnings("ArrayRecordComponent") // compared by nobody
        record Answered(int status, byte[] content) implements Outcome {}

        /// None, or not the whole of it.
        record Failed(Signal signal) implements Outcome {}
    }

    /// Asks a provider for its models: what costs nothing, and works with a key that is good.
    public Outcome models(Channel channel, Key key, Duration within, Patience client) {
        return asked(channel, key, within, client, BYTES_MAX);
    }

    /// Asks for them only to see whether the provider takes the key: of its answer nothing but the status is read.
    public Outcome takes(Channel channel, Key key, Duration within, Patience client) {
        return asked(channel, key, within, client, 0);
    }

    private Outcome asked(Channel channel, Key key, Duration within, Patience client, int bytesMax) {
        Map.Entry<Dialect, Target> spoken = channel.targets().entrySet().iterator().next();
        ModelList.Question question = ModelList.question(spoken.getKey());
        String query = Stream.of(question.query(), channel.query()).filter(one -> !one.isEmpty()).collect(joining("&"));
        String path = question.path() + (query.isEmpty() ? "" : "?" + query);
        Fields usual = question.fields().without(field -> channel.headers().has(field.name()));
        Fields fields = usual.and(fields(channel, spoken.getKey(), key));
        Upstream.Request request = new Upstream.Request("GET", path, fields, new Body.None());
        try (Exchange exchange = upstream.send(spoken.getValue().within(within, false), request, client)) {
            return new Outcome.Answered(exchange.head().status(), content(exchange, bytesMax));
        } catch (ExchangeFailed failed) {
            return new Outcome.Failed(failed.signal());
        }
    }

    private static Fields fields(Channel channel, Dialect dialect, Key key) {
        Fields fields = channel.headers().and(Fields.of("Accept", "application/json", "Accept-Encoding", "identity"));
        if (key.secret().isEmpty()) return fields;
        Field credential = channel.auth(dialect).field(key.secret().get());
        return fields.with(credential.name(), credential.value());
    }

    private static byte[] content(Exchange exchange, int bytesMax) throws ExchangeFailed {
        byte[] bytes = new byte[Math.min(FIRST_BYTES, bytesMax)];
        int filled = 0;
        while (filled < bytesMax) {
            if (filled == bytes.length) bytes = Arrays.copyOf(bytes, Math.min(bytesMax, bytes.length * 2));
            int count = exchange.read(bytes, filled, bytes.length - filled);
            if (count < 0) break;
            filled += count;
        }
        return Arrays.copyOf(bytes, filled);
    }
}
