package dev.martlet.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.martlet.server.ServerSettings;
import dev.martlet.server.ServerSettings.Certificate;
import dev.martlet.telemetry.TelemetrySettings;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

class ConfigTest {
    private static final Path SAMPLE = Path.of("etc/martlet.yaml");

    @TempDir private Path dir;

    @Test
    void everythingHasADefault() throws ConfigInvalid {
        Config config = Config.load(Optional.empty(), Map.of(), Optional.empty());
        assertEquals(ServerSettings.standard(), config.server());
        assertEquals(TelemetrySettings.standard(), config.telemetry());
        assertEquals(List.of(), config.catalog().pool());
        assertEquals(List.of("*"), config.catalog().corsOrigins());
        assertEquals(List.of(), config.notes());
    }

    @Test
    void theHintNamesWhereThePoolIsSet() throws ConfigInvalid, IOException {
        Path yaml = file("m.yaml", "");
        Path env = file("m.env", "");
        assertEquals(
                "set SERVICE_1 and SERVICE_2 in the environment, or transparent.services or channels in a file named by"
                        + " --config",
                Config.load(Optional.empty(), Map.of(), Optional.empty()).catalog().poolHint());
        assertEquals(
                "set SERVICE_1 and SERVICE_2 in the environment or in "
                        + env
                        + ", or transparent.services or channels in "
                        + yaml,
                Config.load(Optional.of(yaml), Map.of(), Optional.of(env)).catalog().poolHint());
    }

    @Test
    void aFileThatIsNamedMustBeReadable() throws IOException {
        Path none = dir.resolve("none");
        Path latin = dir.resolve("latin");
        Files.write(latin, "a: é".getBytes(StandardCharsets.ISO_8859_1));
        Path huge = file("huge", "# " + "x".repeat(8 << 20));
        String yaml = "; allowed a readable YAML file of at most 8MiB";
        String env = "; allowed a readable file of variables of at most 8MiB";
        assertEquals(
                List.of(dir + ": the file is a directory" + env, none + ": the file does not exist" + yaml),
                problems(none, Map.of(), dir));
        assertEquals(
                List.of(huge + ": the file is larger than 8MiB" + env, latin + ": the file is not UTF-8 text" + yaml),
                problems(latin, Map.of(), huge));
    }

    @Test
    void aSecretComesFromAFileWithoutItsLastNewline() throws ConfigInvalid, IOException {
        Path secret = file("credential", "https://secret.example/v1\r\n");
        Path yaml = file("m.yaml", "transparent: {services: ['file:${DIR}/credential', 'file:" + secret + "']}");
        Config config = Config.load(Optional.of(yaml), Map.of("DIR", dir.toString()), Optional.empty());
        config.catalog()
                .pool()
                .forEach(service -> {
                    assertEquals("secret.example", service.target().host());
                    assertEquals("/v1", service.target().basePath());
                });
        assertEquals(2, config.catalog().pool().size());
    }

    @Test
    void whatAFileHoldsIsNeverPrinted() throws IOException {
        Path secret = file("credential", "CANARY\nsecond line\n");
        Path large = file("large", "x".repeat((64 << 10) + 1));
        Path yaml = file("m.yaml", "server: {host: 'file:" + secret + "', port: 'file:" + large + "'}\n");
        assertEquals(
                List.of(
                        yaml + ":1: server.host is (secret); allowed the name or the IP address of a host",
                        yaml
                                + ":1: server.port is \"file:"
                                + large
                                + "\", which is larger than 64KiB;"
                                + " allowed file:/path of a text file of at most 64KiB"),
                problems(yaml, Map.of(), file("m.env", "")));
    }

    @Nested
    class Certificates {
        @TempDir private static Path store;

        private static TestCertificate rsa;
        private static TestCertificate curve;
        private static TestCertificate edwards;
        private static TestCertificate other;

        @BeforeAll
        static void make() throws Exception {
            rsa = TestCertificate.make(store, "rsa", "RSA");
            curve = TestCertificate.make(store, "curve", "EC");
            edwards = TestCertificate.make(store, "edwards", "Ed25519");
            other = TestCertificate.make(store, "other", "EC");
        }

        @Test
        void aChainAndItsKeyAreTaken() throws Exception {
            for (TestCertificate made : List.of(rsa, curve, edwards)) {
                Config config = Config.load(Optional.of(tls(made.chain(), made.key())), Map.of(), Optional.empty());
                assertEquals(Optional.of(new Certificate(made.chain(), made.key())), config.server().tls());
            }
        }

        @Test
        void oneAloneIsRefused() throws Exception {
            TestCertificate made = curve;
            assertRefused(
                    "{certificate: " + made.chain() + "}",
                    ":1: server.tls.certificate is \""
                            + made.chain()
                            + "\", which has no key beside it; allowed certificate and key, or neither");
            assertRefused(
                    "{key: " + made.key() + "}",
                    ":1: server.tls.key is \""
                            + made.key()
                            + "\", which has no certificate beside it; allowed certificate and key, or neither");
        }

        @Test
        void theKeyOfAnotherCertificateIsRefused() throws Exception {
            TestCertificate made = curve;
            for (TestCertificate another : List.of(other, rsa, edwards)) {
                assertKeyRefused(made, another.key(), "is not the key of the certificate");
            }
        }

        @Test
        void whatIsNoKeyIsRefused() throws Exception {
            TestCertificate made = rsa;
            String key = Files.readString(made.key());
            Path old = file("old.key", key.replace("PRIVATE KEY", "RSA PRIVATE KEY"));
            assertKeyRefused(made, made.chain(), "has no PRIVATE KEY in it");
            assertKeyRefused(made, dir.resolve("none"), "does not exist");
            assertKeyRefused(made, dir, "is a directory");
            assertKeyRefused(made, old, "has an RSA PRIVATE KEY; openssl pkcs8 -topk8 -nocrypt makes it one");
            assertKeyRefused(made, file("cut.key", key.substring(0, 200)), "has no PRIVATE KEY in it");
        }

        @Test
        void whatIsNoChainIsRefused() throws Exception {
            TestCertificate made = curve;
            String chain = Files.readString(made.chain());
            Path mixed = file("mixed.pem", chain + Files.readString(other.chain()));
            Path damaged = file("damaged.pem", chain.replaceFirst("(?m)^M[A-Za-z0-9+/]{20}", "AAAA"));
            assertChainRefused(made, made.key(), "has no CERTIFICATE in it");
            assertChainRefused(made, mixed, "has a certificate 1 that the one behind it did not sign");
            assertChainRefused(made, damaged, "has a CERTIFICATE that is damaged");
        }

        private void assertKeyRefused(TestCertificate made, Path key, String why) throws IOException {
            String allowed = "a readable PEM file with the PRIVATE KEY (PKCS #8, not encrypted) of that certificate";
            assertRefused(
                    "{certificate: " + made.chain() + ", key: " + key + "}",
                    ":1: server.tls.key is \"" + key + "\", which " + why + "; allowed " + allowed);
        }

        private void assertChainRefused(TestCertificate made, Path chain, String why) throws IOException {
            String allowed = "a readable PEM file with the CERTIFICATE of the host, then those that sign it";
            assertRefused(
                    "{certificate: " + chain + ", key: " + made.key() + "}",
                    ":1: server.tls.certificate is \"" + chain + "\", which " + why + "; allowed " + allowed);
        }

        private void assertRefused(String tls, String problem) throws IOException {
            Path yaml = file("tls.yaml", "server: {tls: " + tls + "}\n");
            assertEquals(List.of(yaml + problem), problems(yaml, Map.of(), file("m.env", "")));
        }

        private Path tls(Path chain, Path key) throws IOException {
            return file("tls.yaml", "server: {tls: {certificate: " + chain + ", key: " + key + "}}\n");
        }
    }

    @Test
    void problemsAreBounded() throws IOException {
        StringBuilder keys = new StringBuilder();
        for (int i = 0; i < 1000; i++) keys.append("key").append(i).append(": 1\n");
        List<String> problems = problems(file("m.yaml", keys.toString()), Map.of(), file("m.env", ""));
        assertEquals(101, problems.size());
        assertEquals("and 900 more problems", problems.getLast());
        Path longOne = file("m.yaml", "server: {port: '" + "${NAME:x}".repeat(1000) + "'}");
        assertTrue(problems(longOne, Map.of(), file("m.env", "")).getFirst().length() < 1000);
    }

    @Test
    void theSampleStartsUntouchedAndUncommented() throws ConfigInvalid, IOException {
        Config untouched = Config.load(Optional.of(SAMPLE), Map.of(), Optional.empty());
        Config uncommented = Config.load(Optional.of(uncommentedSample()), Map.of(), Optional.empty());
        Config standard = Config.load(Optional.empty(), Map.of(), Optional.empty());
        for (Config config : List.of(untouched, uncommented)) {
            assertEquals(standard.server(), config.server());
            assertEquals(standard.telemetry(), config.telemetry());
            assertEquals(standard.catalog().routing(), config.catalog().routing());
            assertEquals(standard.catalog().corsOrigins(), config.catalog().corsOrigins());
            assertFalse(config.catalog().keysForAll());
        }
        assertEquals(List.of(), untouched.notes());
        assertEquals(List.of(), untouched.catalog().channels().list());
        Config shortest = Config.load(Optional.of(shortestChannel()), Map.of(), Optional.empty());
        assertEquals(shortest.catalog().channels().list(), uncommented.catalog().channels().list());
        assertEquals(
                List.of("services.myservice.host, channels.nvidia.url from " + dir.resolve("sample.yaml")),
                uncommented.notes());
    }

    /// The sample's channel without what has a default.
    private Path shortestChannel() throws IOException {
        return file("shortest.yaml", "channels: [{name: nvidia, url: https://integrate.api.nvidia.com/v1}]");
    }

    @Test
    void theSampleHasEveryKey() throws IOException {
        List<String> written =
                Files.readAllLines(uncommentedSample()).stream()
                        .filter(line -> line.matches("[ -]*[a-z-]+:.*"))
                        .map(line -> line.replaceFirst("- ", "  ").replaceFirst(":.*", ""))
                        .toList();
        assertEquals(keysUnder("", 0), written);
    }

    /// Asks with a key that cannot exist, level by level: the answer names those that do.
    private List<String> keysUnder(String parents, int depth) throws IOException {
        String indent = "  ".repeat(depth);
        List<String> keys = new ArrayList<>();
        for (String key : answer(parents + indent)) {
            keys.add(indent + key);
            String below = parents + indent + key + ":\n";
            boolean services = depth == 0 && key.equals("services");
            if (services) keys.add("  myservice");
            String entry = services ? "  myservice:\n" : key.equals("channels") ? "  -\n" : "";
            keys.addAll(keysUnder(below + entry, entry.isEmpty() ? depth + 1 : depth + 2));
        }
        return keys;
    }

    private List<String> answer(String before) throws IOException {
        Path question = file("ask.yaml", before + "no-such-key-anywhere: 1\n");
        String allowed = "no-such-key-anywhere is not a key; allowed here: ";
        return problems(question).stream()
                .filter(line -> line.contains(allowed))
                .flatMap(
                        line -> Arrays.stream(line.substring(line.indexOf(allowed) + allowed.length()).split(", ", -1)))
                .toList();
    }

    private static List<String> problems(Path yaml) {
        try {
            Config.load(Optional.of(yaml), Map.of(), Optional.empty());
            return List.of();
        } catch (ConfigInvalid invalid) {
            return invalid.problems();
        }
    }

    /// A prose line of the sample begins with `# `, a key with `#` or, below another key, with `#` and two spaces.
    private Path uncommentedSample() throws IOException {
        return file("sample.yaml", Files.readString(SAMPLE).replaceAll("(?m)^#(?=\\S|  )", ""));
    }

    @Test
    void noBytesEverCauseAnythingButProblems() throws IOException {
        byte[] yaml = Files.readAllBytes(Path.of("src/test/resources/golden/config/everything.yaml"));
        byte[] env = Files.readAllBytes(Path.of("src/test/resources/golden/config/seed-001-002.env"));
        byte[] spice = "\t\n :-#'\"{}[]&*!|>%@`,?\\$\0\u00ff=".getBytes(StandardCharsets.ISO_8859_1);
        Random random = new Random(7);
        for (int round = 0; round < 3000; round++) {
            Path yamlFile = Files.write(dir.resolve("fuzz.yaml"), spoiled(yaml, spice, random));
            Path envFile = Files.write(dir.resolve("fuzz.env"), spoiled(env, spice, random));
            try {
                Config.load(Optional.of(yamlFile), Map.of(), Optional.of(envFile));
            } catch (ConfigInvalid invalid) {
                assertTrue(invalid.problems().stream().noneMatch(line -> line.contains("\n")));
            }
        }
    }

    private static byte[] spoiled(byte[] good, byte[] spice, Random random) {
        byte[] bytes = good.clone();
        for (int i = random.nextInt(4); i > 0; i--) {
            bytes[random.nextInt(bytes.length)] = spice[random.nextInt(spice.length)];
        }
        return bytes;
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(dir.resolve(name), text);
    }

    private static List<String> problems(Path yaml, Map<String, String> environment, Path env) {
        return assertThrows(ConfigInvalid.class, () -> Config.load(Optional.of(yaml), environment, Optional.of(env)))
                .problems();
    }
}
