package dev.martlet.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Optional;

@DisplayName("A JSON tree")
class JsonTreeTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "1e5",
                "1E5",
                "1E+5",
                "1.0",
                "1.50",
                "-0",
                "-0.0",
                "0e7",
                "0.00000001",
                "1e-7",
                "1e400",
                "123456789012345678901234567890",
                "100000000000000000000.0",
                "3.141592653589793238462643383279",
                "{\"b\":1,\"a\":2}",
                "\"é漢😀\"",
                "\"\\uD83D\"",
                "\"a\\uDE00b\"",
                "\"\\u0000/\""
            })
    @DisplayName("is written as it was read, digit by digit")
    void keepsWhatItReads(String value) {
        String document = "{\"x\":[" + value + "]}";
        assertEquals(document, written(JsonTree.read(document.getBytes(UTF_8)).orElseThrow()));
    }

    @Test
    @DisplayName("has characters of two units whole, wherever they stand")
    void keepsPairs() {
        for (int before = 0; before < 9000; before++) {
            String text = "a".repeat(before) + "😀";
            assertEquals('"' + text + '"', written(JsonNodeFactory.instance.textNode(text)));
        }
    }

    @Test
    @DisplayName("is written also where it stands inside of something else")
    void canBeNested() {
        String deep = "[".repeat(Json.DEPTH_MAX) + "]".repeat(Json.DEPTH_MAX);
        JsonNode outer = JsonNodeFactory.instance.arrayNode().add(JsonTree.read(deep.getBytes(UTF_8)).orElseThrow());
        assertEquals("[" + deep + "]", written(outer));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{}",
                "{\"a\":99}",
                "[99]",
                "[[[[{}]]]]",
                "{\"a\":{\"b\":[\"c\"]}}",
                "99",
                "0.1",
                "1234567890123456789012345678901234567890",
                "null",
                "\"\"",
                "\"ab\"",
                "\"漢\"",
                "\"a text with words, and such\""
            })
    @DisplayName("takes no more memory than it is said to")
    void takesWhatItIsSaidTo(String value) {
        byte[] document = ("[" + (value + ",").repeat(50_000) + "0]").getBytes(UTF_8);
        long before = heldBytes();
        JsonNode tree = JsonTree.read(document).orElseThrow();
        long held = heldBytes() - before;
        assertEquals(50_001, tree.size());
        assertTrue(held < JsonTree.heldBytes(document), () -> held + " of " + JsonTree.heldBytes(document));
    }

    private static long heldBytes() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "1 2", "{}{}", "[1", "{\"a\":1e99999999999}", "{\"a\":NaN}"})
    void isMadeOfOneDocument(String text) {
        assertEquals(Optional.empty(), JsonTree.read(text.getBytes(UTF_8)));
    }

    private static String written(JsonNode tree) {
        return new String(JsonTree.write(tree), UTF_8);
    }
}
