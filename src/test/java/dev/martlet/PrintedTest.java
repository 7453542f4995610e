package dev.martlet;

import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

class PrintedTest {
    private static final String CANARY = "canary4f1d";

    @ParameterizedTest
    @MethodSource("nouns")
    @DisplayName("A-8 no noun prints a credential, wherever one can stand in it")
    void printsNoSecret(Object noun) {
        assertFalse(noun.toString().contains(CANARY), noun.getClass().getSimpleName());
    }

    static Stream<Object> nouns() {
        Key key = new Key("one", Optional.of(new Secret(CANARY)), 1);
        Fields fields = Fields.of("Authorization", "Bearer " + CANARY);
        String target = "/v1beta/models?key=" + CANARY;
        Call call = new Call("id", Surface.OPENAI, "GET", target, fields, "::1", new Body.None(), 0);
        Channel channel = channel(key, fields);
        return Stream.of(
                key,
                call,
                channel,
                new ChannelCall(call, Dialect.OPENAI, operation(), List.of(new Secret(CANARY)), true, true),
                new ServiceCall(call, "gemini", target, true),
                new Caller(true, List.of(new Secret(CANARY))),
                new Channels(List.of(channel), Map.of(), Map.of()),
                new Service("service-1", target()));
    }

    private static Channel channel(Key key, Fields fields) {
        return new Channel(
                "one",
                Map.of(Dialect.OPENAI, target()),
                Map.of(Dialect.OPENAI, Auth.BEARER),
                "code=" + CANARY,
                new Keys.Own(List.of(key)),
                ModelNames.ALL,
                0,
                1,
                fields,
                Streaming.AS_ASKED,
                0,
                Duration.ofMinutes(1));
    }

    private static Target target() {
        Optional<URI> proxy = Optional.of(URI.create("http://user:" + CANARY + "@proxy.example:3128"));
        Duration minute = Duration.ofMinutes(1);
        Timeouts timeouts = new Timeouts(minute, minute, minute, minute);
        return new Target(true, "a.example", 443, "/" + CANARY, Trust.PUBLIC, proxy, timeouts);
    }

    private static Operation operation() {
        return Operation.ofOpenAi("/chat/completions").orElseThrow();
    }
}
