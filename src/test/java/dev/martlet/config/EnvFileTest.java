package dev.martlet.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

class EnvFileTest {
    @TempDir private Path dir;

    static List<Arguments> values() {
        return List.of(
                Arguments.of("A=b", "b"),
                Arguments.of("A=", ""),
                Arguments.of("A= b c ", "b c"),
                Arguments.of("  A = b", "b"),
                Arguments.of("export A=b", "b"),
                Arguments.of("export\tA=b", "b"),
                Arguments.of("\uFEFFA=b", "b"),
                Arguments.of("A=b\r\n\r\n", "b"),
                Arguments.of("A=b # comment", "b"),
                Arguments.of("A=b\t# comment # more", "b"),
                Arguments.of("A=b#c", "b#c"),
                Arguments.of("A= # comment", ""),
                Arguments.of("A=#b", "#b"),
                Arguments.of("A=b=c==", "b=c=="),
                Arguments.of("A=it's \"so\"", "it's \"so\""),
                Arguments.of("A=b\\nc$D${E}", "b\\nc$D${E}"),
                Arguments.of("A=' b # c\\n$D '", " b # c\\n$D "),
                Arguments.of("A='b' # comment", "b"),
                Arguments.of("A='b'#comment", "b"),
                Arguments.of("A=''", ""),
                Arguments.of("A=\"b\"", "b"),
                Arguments.of("A=\"\\n\\r\\t\\\"\\\\\\$\\x\"", "\n\r\t\"\\$\\x"),
                Arguments.of("A=\"one\ntwo # three\n\"", "one\ntwo # three\n"),
                Arguments.of("A=\"one\r\ntwo\"", "one\ntwo"),
                Arguments.of("A='one\ntwo'", "one\ntwo"),
                Arguments.of("# A=x\n\n   # A=y\nA=b\n# A=z", "b"),
                Arguments.of("A=first\nA=last", "last"),
                Arguments.of("A=\"" + "\\n".repeat(100_000) + "\"", "\n".repeat(100_000)));
    }

    @ParameterizedTest
    @MethodSource("values")
    void hasTheValue(String text, String value) throws IOException {
        assertEquals(Map.of("A", value), read(text, new Findings()));
    }

    static List<Arguments> badLines() {
        String nameless = "not a variable; allowed NAME=value, perhaps with export before it, or # comment";
        return List.of(
                Arguments.of("secret", ":1: " + nameless),
                Arguments.of("\n9A=secret", ":2: " + nameless),
                Arguments.of("=secret", ":1: " + nameless),
                Arguments.of("export A", ":1: " + nameless),
                Arguments.of("A=\"x\ny\"\nA B=secret", ":3: " + nameless),
                Arguments.of("A='x'secret", ":1: A has text behind its closing quote; allowed # comment"),
                Arguments.of("A=\"secret", ":1: A has a quote that is not closed"),
                Arguments.of("A=\"secret\\\"", ":1: A has a quote that is not closed"),
                Arguments.of("A='secret", ":1: A has a quote that is not closed"));
    }

    @ParameterizedTest
    @MethodSource("badLines")
    void namesALineThatIsBad(String text, String problem) throws IOException {
        Findings findings = new Findings();
        read(text + "\nGOOD=x", findings);
        assertEquals(
                List.of(dir.resolve(".env") + problem), assertThrows(ConfigInvalid.class, findings::refuse).problems());
    }

    @Test
    void goesOnAfterABadLine() throws IOException {
        assertEquals(Map.of("A", "a", "C", "c"), read("A=a\nB='\nC=c", new Findings()));
    }

    private Map<String, String> read(String text, Findings findings) throws IOException {
        Map<String, String> values = new TreeMap<>();
        EnvFile.read(Files.writeString(dir.resolve(".env"), text), findings)
                .forEach((name, given) -> values.put(name, given.text()));
        return values;
    }
}
