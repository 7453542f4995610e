package dev.martlet.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.martlet.Auth;
import dev.martlet.Channel;
import dev.martlet.Channels;
import dev.martlet.Dialect;
import dev.martlet.Key;
import dev.martlet.Keys;
import dev.martlet.Secret;
import dev.martlet.Target;
import dev.martlet.Trust;
import dev.martlet.server.Pem;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;

class ChannelKeysTest {
    @TempDir private Path dir;

    @ParameterizedTest
    @CsvSource({
        "https://api.groq.com/openai/v1, /openai/v1",
        "https://generativelanguage.googleapis.com/v1beta/openai, /v1beta/openai",
        "https://generativelanguage.googleapis.com/v1beta/openai/, /v1beta/openai",
        "https://open.bigmodel.cn/api/paas/v4, /api/paas/v4",
        "https://x.openai.azure.com/openai/v1, /openai/v1",
        "https://api.deepseek.com, /v1",
        "https://api.deepseek.com/, /v1",
        "https://openrouter.ai/api/v1, /api/v1",
        "http://localhost:11434/v1, /v1",
        "https://api.perplexity.ai/chat/completions, ''",
        "https://a.example/v1/chat/completions/, /v1",
        "https://a.example/chat/completions-not, /chat/completions-not"
    })
    void aPathIsTakenAsItStandsAndNoPathGetsTheVersion(String url, String basePath) throws Exception {
        Channel channel = one("{name: a, url: '" + url + "'}");
        assertEquals(
                Optional.of(basePath),
                Optional.ofNullable(channel.targets().get(Dialect.OPENAI)).map(Target::basePath));
    }

    @Test
    void keysAreWhatIsSent() throws Exception {
        Path file = Files.writeString(dir.resolve("key"), "sk-fake-in-a-file\n");
        Channel channel =
                one("{name: a, url: https://a.example, keys: ['${K}', 'file:" + file + "', {value: x, weight: 7}]}");
        assertEquals(
                new Keys.Own(
                        List.of(
                                new Key("key-1", Optional.of(new Secret("sk-fake-in-a-variable")), 1),
                                new Key("key-2", Optional.of(new Secret("sk-fake-in-a-file")), 1),
                                new Key("key-3", Optional.of(new Secret("x")), 7))),
                channel.keys());
        Keys.Own own = assertInstanceOf(Keys.Own.class, channel.keys());
        assertEquals(
                List.of("sk-fake-in-a-variable", "sk-fake-in-a-file", "x"),
                own.list().stream().flatMap(key -> key.secret().stream()).map(Secret::value).toList());
    }

    @Test
    void theProviderMayWantItsKeyElsewhere() throws Exception {
        assertEquals(Auth.X_API_KEY, one("{name: a, url: https://a.example, auth: X-API-Key}").auth(Dialect.OPENAI));
        assertEquals(
                Optional.of("Basic abc"),
                one("{name: a, url: https://a.example, auth: x-api-key, headers: {Authorization: Basic abc}}")
                        .headers()
                        .first("authorization"));
    }

    @Test
    void anAuthorityOfItsOwnIsReadBeforeItIsNeeded() throws Exception {
        TestCertificate made = TestCertificate.make(dir, "ca", "EC");
        String before = "{name: a, url: https://a.example, tls: {ca: ";
        assertEquals(
                new Trust.Authorities(Pem.authorities(Files.readString(made.chain()))),
                trust(before + made.chain() + "}}"));
        ConfigInvalid invalid = assertThrows(ConfigInvalid.class, () -> one(before + made.key() + "}}"));
        assertEquals(
                List.of(
                        dir.resolve("martlet.yaml")
                                + ":1: channels.a.tls.ca is \""
                                + made.key()
                                + "\", which has no CERTIFICATE in it; allowed a readable PEM file with the CERTIFICATE"
                                + " of each authority"),
                invalid.problems());
    }

    @Test
    @DisplayName("a file with another authority in it is seen by a reload, and used")
    void anAuthorityMayBeReplaced() throws Exception {
        Path file = dir.resolve("authorities.pem");
        String channel = "{name: a, url: https://a.example, tls: {ca: " + file + "}}";
        Files.copy(TestCertificate.make(dir, "old", "EC").chain(), file);
        Trust old = trust(channel);
        Written before = load("channels: [" + channel + "]").written();
        assertEquals(old, trust(channel));
        Files.copy(TestCertificate.make(dir, "new", "EC").chain(), file, StandardCopyOption.REPLACE_EXISTING);
        assertNotEquals(old, trust(channel));
        assertEquals(
                List.of("channels.a.tls.ca (what is in it)"),
                load("channels: [" + channel + "]").written().changedSince(before));
    }

    private Trust trust(String channel) throws IOException, ConfigInvalid {
        return Optional.ofNullable(one(channel).targets().get(Dialect.OPENAI)).map(Target::trust).orElseThrow();
    }

    @Test
    void tenThousandKeysOverAThousandChannelsAreRead() throws Exception {
        StringBuilder yaml = new StringBuilder("channels:\n");
        for (int i = 0; i < 1_000; i++) {
            yaml.append("  - name: c").append(i).append("\n    url: https://c.example/v1\n    keys:\n");
            for (int k = 0; k < 10; k++)
                yaml.append("      - sk-fake-").append(i).append('-').append(k).append("x".repeat(150)).append('\n');
        }
        Channels channels = read(yaml.toString());
        assertEquals(1_000, channels.list().size());
        assertEquals(
                10_000,
                channels.list().stream()
                        .mapToInt(channel -> channel.keys() instanceof Keys.Own own ? own.list().size() : 0)
                        .sum());
    }

    private Channel one(String entry) throws IOException, ConfigInvalid {
        return read("channels: [" + entry + "]").list().getFirst();
    }

    private Channels read(String yaml) throws IOException, ConfigInvalid {
        return load(yaml).catalog().channels();
    }

    private Config load(String yaml) throws IOException, ConfigInvalid {
        Path file = Files.writeString(dir.resolve("martlet.yaml"), yaml);
        return Config.load(Optional.of(file), Map.of("K", "sk-fake-in-a-variable"), Optional.empty());
    }
}
