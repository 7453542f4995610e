package dev.martlet.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What of a reading is told apart from an earlier one, and by which name.
class WrittenTest {
    private static final String A = "{name: a, url: https://a.example, keys: [sk-fake-one], headers: {X-A: one}}";
    private static final String B = "{name: b, url: https://b.example, models: [m]}";

    @TempDir private Path dir;

    @Test
    void aChangedKeyIsNamedByItsPathAlone() throws Exception {
        Written before = channels(A, B);
        assertEquals(
                List.of("channels.a.keys"), channels(A.replace("sk-fake-one", "sk-fake-two"), B).changedSince(before));
        assertEquals(
                List.of("channels.a.headers.X-A"), channels(A.replace("X-A: one", "X-A: two"), B).changedSince(before));
        assertEquals(List.of("channels.b.url"), channels(A, B.replace("b.example", "c.example")).changedSince(before));
        assertEquals(List.of("channels.b.models"), channels(A, B.replace("[m]", "[m, n]")).changedSince(before));
    }

    @Test
    void aChannelThatIsNewOrGoneIsOneChange() throws Exception {
        assertEquals(List.of("channels.b"), channels(A, B).changedSince(channels(A)));
        assertEquals(List.of("channels.a"), channels(B).changedSince(channels(A, B)));
    }

    @Test
    void theOrderOfChannelsIsNoChange() throws Exception {
        assertEquals(List.of(), channels(B, A).changedSince(channels(A, B)));
    }

    @Test
    void anotherSecretInTheSameFileIsAChange() throws Exception {
        Path secret = Files.writeString(dir.resolve("key"), "sk-fake-one\n");
        String channel = A.replace("sk-fake-one", "'file:" + secret + "'");
        Written before = channels(channel);
        Files.writeString(secret, "sk-fake-two\n");
        assertEquals(List.of("channels.a.keys"), channels(channel).changedSince(before));
    }

    @Test
    void theChannelsOfVariablesChangeLikeOthers() throws Exception {
        Written before = read("", Map.of("UPSTREAM_API_URL", "https://a.example", "GEMINI_API_KEYS", "sk-fake-one"));
        Written after =
                read("", Map.of("UPSTREAM_API_URL", "https://c.example,https://b.example", "GEMINI_TIMEOUT", "1000"));
        assertEquals(
                List.of(
                        "channels.gemini.keys",
                        "channels.gemini.timeouts.first-byte",
                        "channels.upstream-1.url",
                        "channels.upstream-2"),
                after.changedSince(before));
    }

    @Test
    void namesOfModelsAndWhoMayCallChangeWhileItRuns() throws Exception {
        Written before = channels(B);
        Written after =
                read("channels: [" + B + "]\naliases: {x: m}\nfallbacks: {m: [n]}\nclients: {required: never}\n");
        assertEquals(List.of("aliases.x", "clients.required", "fallbacks.m"), after.changedSince(before));
        assertEquals(List.of(), after.atNextRestart(before));
    }

    @Test
    void whatOnlyTheStartReadsWaitsForTheNext() throws Exception {
        Written after = read("server: {expose-trail: true, limits: {request-body: 1MiB}}");
        assertEquals(List.of(), after.changedSince(read("")));
        assertEquals(List.of("server.expose-trail", "server.limits.request-body"), after.atNextRestart(read("")));
    }

    private Written channels(String... entries) throws IOException, ConfigInvalid {
        return read("channels: [" + String.join(", ", entries) + "]");
    }

    private Written read(String yaml) throws IOException, ConfigInvalid {
        return read(yaml, Map.of());
    }

    private Written read(String yaml, Map<String, String> environment) throws IOException, ConfigInvalid {
        Path file = Files.writeString(dir.resolve("martlet.yaml"), yaml);
        return Config.load(Optional.of(file), environment, Optional.empty()).written();
    }
}
