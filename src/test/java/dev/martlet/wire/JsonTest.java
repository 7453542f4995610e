package dev.martlet.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;

import dev.martlet.wire.Json.Kind;
import dev.martlet.wire.Json.Members;
import dev.martlet.wire.Json.Names;
import dev.martlet.wire.Json.Value;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.StreamSupport;

@DisplayName("JSON")
class JsonTest {
    private static final Names NAMES = Names.of("model", "stream", "nested");
    private static final JsonFactory JACKSON =
            JsonFactory.builder().disable(JsonFactory.Feature.CHARSET_DETECTION).build();
    private static final Duration SOON = Duration.ofSeconds(5);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "\"\"",
                "0",
                "-0",
                "true",
                "false",
                "null",
                " \t\r\n1 \t\r\n",
                "[1,2]",
                "[ 1 , [ ] , { } ]",
                "{\"a\":{\"b\":[{}]},\"c\":null}",
                "1.5",
                "-1.5e3",
                "1E+2",
                "1e-02",
                "0.0",
                "10",
                "\"\\u0000\"",
                "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\"",
                "\"\\ud83d\\ude00\"",
                "\"\\uD83D\\uDE00\"",
                "\"é漢😀\u007f\"",
                "{\"a\":1,\"a\":2}",
                "\"\uD7FF\uE000\uFFFF\"",
                "{\"\":\"\"}",
                "[[],{}]",
                "1e9999"
            })
    void takesWhatTheGrammarHas(String text) {
        assertEquals(Optional.empty(), Json.read(bytes(text), NAMES).fault());
    }

    @ParameterizedTest(name = "{0}: byte {1}, {2}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[1,]|3|a value is expected",
                "{\"a\":1,}|7|a name in quotes is expected",
                "{a:1}|1|a name in quotes is expected",
                "{\"a\" 1}|5|a colon is expected",
                "{\"a\":}|5|a value is expected",
                "{\"model\":}|9|a value is expected",
                "[1 2]|3|a comma or a closing bracket is expected",
                "[1}|2|a comma or a closing bracket is expected",
                "{\"a\":[1}|7|a comma or a closing bracket is expected",
                "{\"a\":1]|6|a comma or a closing bracket is expected",
                "01|1|something stands behind the end",
                "1 2|2|something stands behind the end",
                "{}{}|2|something stands behind the end",
                "+1|0|a value is expected",
                ".5|0|a value is expected",
                "[-]|2|a digit is expected",
                "[1.]|3|a digit is expected",
                "[1e]|3|a digit is expected",
                "[1e+]|4|a digit is expected",
                "[1e99999]|3|an exponent has more than 4 digits",
                "NaN|0|a value is expected",
                "Infinity|0|a value is expected",
                "'a'|0|a value is expected",
                "tru1|3|a value is expected",
                "nulll|4|something stands behind the end",
                "// a comment|0|a value is expected",
                "[1/*a*/]|2|a comma or a closing bracket is expected",
                "\"\\x\"|1|an escape that JSON does not have",
                "\"\\u12g4\"|5|a hexadecimal digit is expected",
                "\"\\u00é9\"|5|a hexadecimal digit is expected",
                "\"\\ud83d\\u00g0\"|11|a hexadecimal digit is expected",
                "]|0|a value is expected"
            })
    void saysWhereItIsWrongAndWhy(String text, int offset, String reason) {
        assertEquals(Optional.of(new Json.Fault(offset, reason, false)), Json.read(bytes(text), NAMES).fault());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"\\ud83d\\ude00\"|-1",
                "\"\\u0041\\ud83d\\ude00\\ud7ff\\ue000\"|-1",
                "\"\\ud800\"|1",
                "\"a\\udc00\"|2",
                "\"\\ud800\\n\"|1",
                "\"\\ud800\\u0041\"|1",
                "\"\\ud83d\\ud83d\\ude00\"|1",
                "[\"\\ud83d\\ude00\\ude00\",\"\\ud800\"]|14",
                "{\"\\udc00\":1}|2"
            })
    void knowsHalfOfAPair(String text, int offset) {
        Json json = Json.read(bytes(text), NAMES);
        assertEquals(Optional.empty(), json.fault());
        assertEquals(offset, json.half().orElse(-1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "c0 80", // overlong NUL
                "c1 bf",
                "e0 80 af", // overlong solidus
                "f0 80 80 80",
                "f0 8f bf bf",
                "ed a0 80", // a surrogate
                "ed bf bf",
                "f4 90 80 80", // above U+10FFFF
                "f5 80 80 80",
                "80",
                "bf",
                "c3 41",
                "e6 bc 41",
                "f0 9f 98 41",
                "fe",
                "ff"
            })
    void refusesWhatIsNotUtf8(String octets) {
        byte[] wrong = HexFormat.ofDelimiter(" ").parseHex(octets);
        for (String before : List.of("", "a", "abcdefgh", "漢")) {
            Json json = Json.read(join(bytes("[\"" + before), wrong, bytes("\"]")), NAMES);
            int offset = 2 + bytes(before).length;
            assertEquals(Optional.of(new Json.Fault(offset, "it is not UTF-8", false)), json.fault());
        }
    }

    @Test
    void refusesControlCharactersInStringsWhereverTheyStand() {
        for (int control = 0; control < ' '; control++) {
            for (int before = 0; before < 20; before++) {
                String text = "\"" + "x".repeat(before) + (char) control + "yyyyyyyyyyyy\"";
                Json.Fault fault = Json.read(bytes(text), NAMES).fault().orElseThrow();
                assertEquals(new Json.Fault(1 + before, "a string has a control character", false), fault);
            }
        }
    }

    @Test
    void findsTheEndOfAStringWhereverItStands() {
        for (int length = 0; length < 40; length++) {
            for (String odd : List.of("", "\\\"", "\\\\", "é", "漢", "😀", "\u007f", "\\u00e9")) {
                String text = "[\"" + "x".repeat(length) + odd + "\",1]";
                assertEquals(Optional.empty(), Json.read(bytes(text), NAMES).fault(), text);
            }
        }
    }

    @Test
    void refusesAByteOrderMark() {
        assertEquals(0, Json.read(bytes("\uFEFF{}"), NAMES).fault().orElseThrow().offset());
    }

    @Test
    @DisplayName("is bounded in depth, and does not recurse (C-11)")
    void isBoundedInDepth() {
        for (String brackets : List.of("[]", "{}")) {
            String open = brackets.startsWith("[") ? "[" : "{\"a\":";
            String close = brackets.substring(1);
            String most = open.repeat(Json.DEPTH_MAX - 1) + brackets + close.repeat(Json.DEPTH_MAX - 1);
            assertEquals(Optional.empty(), Json.read(bytes(most), NAMES).fault());
            String tooDeep = Json.read(bytes(open + most + close), NAMES).fault().orElseThrow().reason();
            assertEquals("it nests deeper than 1000", tooDeep);
        }
        byte[] bomb = bytes("[".repeat(10_000_000));
        assertTimeout(SOON, () -> assertTrue(Json.read(bomb, NAMES).fault().isPresent()));
    }

    @Test
    void tellsObjectsFromArraysAtEveryDepth() {
        Random random = new Random(1);
        for (int depth = 1; depth < 200; depth++) {
            StringBuilder open = new StringBuilder();
            StringBuilder close = new StringBuilder();
            for (int level = 0; level < depth; level++) {
                boolean object = random.nextBoolean();
                open.append(object ? "{\"a\":" : "[");
                close.insert(0, object ? '}' : ']');
            }
            assertEquals(Optional.empty(), Json.read(bytes(open + "1" + close), NAMES).fault());
            int wrong = random.nextInt(depth);
            close.setCharAt(wrong, close.charAt(wrong) == '}' ? ']' : '}');
            assertEquals(
                    open.length() + 1 + wrong,
                    Json.read(bytes(open + "1" + close), NAMES).fault().orElseThrow().offset());
        }
    }

    @Test
    @DisplayName("is bounded in numbers and names (C-11)")
    void isBoundedInNumbersAndNames() {
        assertEquals(Optional.empty(), Json.read(bytes("1".repeat(1000)), NAMES).fault());
        assertEquals(
                "a number is longer than 1000 bytes",
                Json.read(bytes("1".repeat(1001)), NAMES).fault().orElseThrow().reason());
        assertTimeout(SOON, () -> Json.read(bytes("[" + "1".repeat(10_000_000) + "]"), NAMES));
        String name = "x".repeat(50_000);
        assertEquals(Optional.empty(), Json.read(bytes("{\"" + name + "\":1}"), NAMES).fault());
        assertEquals(
                new Json.Fault(2, "a name is longer than 50000 bytes", false),
                Json.read(bytes("{\"x" + name + "\":1}"), NAMES)
                        .fault()
                        .map(fault -> new Json.Fault(fault.offset(), fault.reason(), fault.cut()))
                        .orElseThrow());
    }

    @Test
    void thatIsCutAnywhereSaysSo() {
        byte[] whole = bytes("{\"model\":\"m\\n\\ud83d\\ude00漢\",\"a\":[true,-1.5e-3,null,{\"b\":{}}],\"c\":false}");
        assertEquals(Optional.empty(), Json.read(whole, NAMES).fault());
        for (int length = 0; length < whole.length; length++) {
            Json cut = Json.read(whole, new Span(0, length), NAMES);
            assertEquals(new Json.Fault(length, "it ends too early", true), cut.fault().orElseThrow());
            boolean modelIsThere = length >= new String(whole, StandardCharsets.ISO_8859_1).indexOf(",\"a\"");
            assertEquals(modelIsThere, cut.members().find("model").isPresent(), "at " + length);
        }
    }

    @Test
    void knowsWhereTheMembersStandThatWereAskedFor() {
        byte[] json = bytes(" { \"x\" : [1] , \"model\" : \"gpt\" ,\"stream\":\ttrue\n}");
        Members members = Json.read(json, NAMES).members();
        assertEquals("\"gpt\"", text(json, members.find("model").orElseThrow()));
        assertEquals("true", text(json, members.find("stream").orElseThrow()));
        assertEquals(Optional.empty(), members.find("nested"));
        assertEquals(3, members.count());
        assertThrows(IllegalArgumentException.class, () -> members.find("x"));
    }

    @Test
    void knowsNestedMembersAndElements() {
        byte[] json = bytes("{\"nested\":{\"a\":{\"model\":1},\"model\":[1, \"two\" ,{}]}}");
        Value nested = Json.read(json, NAMES).members().find("nested").orElseThrow();
        Value list = nested.members(NAMES).find("model").orElseThrow();
        List<String> elements =
                StreamSupport.stream(list.elements().spliterator(), false).map(element -> text(json, element)).toList();
        assertEquals(List.of("1", "\"two\"", "{}"), elements);
        assertFalse(nested.elements().iterator().hasNext());
        assertEquals(0, list.members(NAMES).count());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"model\":\"a\",\"model\":\"b\"}",
                "{\"model\":\"a\",\"mod\\u0065l\":\"b\"}",
                "{\"\\u006d\\u006F\\u0064\\u0065\\u006c\":\"a\",\"x\":{},\"model\":\"b\"}"
            })
    @DisplayName("knows a name that stands there twice, however it is written (C-12)")
    void knowsRepeatedNames(String text) {
        Members members = Json.read(bytes(text), NAMES).members();
        assertEquals(Optional.of("model"), members.unclear());
        assertEquals(Optional.of("b"), members.find("model").flatMap(Value::text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"x\":1,\"x\":2}", "{\"model\":{\"Model\":1}}", "{\"model\":1,\"mo-el\":2,\"model \":3}"})
    void knowsWhatIsNoRepetition(String text) {
        assertEquals(Optional.empty(), Json.read(bytes(text), NAMES).members().unclear());
    }

    @Test
    void readsAndWritesTexts() {
        for (String text : List.of("", "a\"b\\c", "\b\f\n\r\t\u0000\u001f", "é漢😀/")) {
            byte[] string = Json.string(text);
            assertEquals(Optional.of(text), Json.read(string, NAMES).root().text());
        }
        assertEquals(
                Optional.of("a/\u00e9😀\"\b\f"),
                Json.read(bytes("\"\\u0061\\/\\u00E9\\ud83d\\ude00\\\"\\b\\f\""), NAMES).root().text());
        assertEquals(Optional.empty(), Json.read(bytes("1"), NAMES).root().text());
    }

    @ParameterizedTest
    @CsvSource({
        "0,0",
        "12,12",
        "999999999999999,999999999999999",
        "1000000000000000,",
        "-1,",
        "1.0,",
        "1e3,",
        "'\"1\"',",
        "null,"
    })
    void readsCounts(String text, Long count) {
        OptionalLong expected = count == null ? OptionalLong.empty() : OptionalLong.of(count);
        assertEquals(expected, Json.read(bytes(text), NAMES).root().count());
    }

    @ParameterizedTest
    @CsvSource({
        "null,NULL,true", "'\"\"',STRING,true", "'\" \"',STRING,false", "[ ],ARRAY,true", "[0],ARRAY,false",
        "{ },OBJECT,true", "'{\"\":0}',OBJECT,false", "0,NUMBER,false", "-1,NUMBER,false", "false,BOOLEAN,false"
    })
    void knowsWhatAValueIs(String text, Kind kind, boolean empty) {
        Value value = Json.read(bytes(text), NAMES).root();
        assertEquals(kind, value.kind());
        assertEquals(empty, value.isEmpty());
    }

    /// Jackson takes what we refuse on purpose, and nothing else: a byte order mark, exponents of more than four digits. It
    /// refuses half of a surrogate pair in names only.
    @Test
    void agreesWithJackson() {
        Random random = new Random(7);
        int sound = 0;
        for (int i = 0; i < 60_000; i++) {
            byte[] document = i % 3 == 0 ? generated(random) : mutated(generated(random), random);
            Json json = Json.read(document, NAMES);
            boolean ours = json.fault().isEmpty();
            boolean theirs = jacksonTakes(document);
            if (ours != theirs) {
                boolean known = ours ? json.half().isPresent() : stricter(document);
                assertTrue(known, () -> "differ on " + HexFormat.of().formatHex(document));
            }
            if (ours) sound++;
        }
        assertTrue(sound > 20_000 && sound < 55_000, sound + " of 60000 were sound");
    }

    private static boolean stricter(byte[] document) {
        String text = new String(document, StandardCharsets.ISO_8859_1);
        return text.matches("(?is).*e[+-]?[0-9]{5}.*") || text.startsWith("\u00ef\u00bb\u00bf");
    }

    private static boolean jacksonTakes(byte[] document) {
        try (JsonParser parser = JACKSON.createParser(document)) {
            if (parser.nextToken() == null) return false;
            if (parser.currentToken().isStructStart()) parser.skipChildren();
            parser.finishToken();
            return parser.nextToken() == null;
        } catch (IOException e) {
            return false;
        }
    }

    private static byte[] generated(Random random) {
        StringBuilder text = new StringBuilder();
        value(random, text, 4);
        return bytes(text.toString());
    }

    private static void value(Random random, StringBuilder text, int depth) {
        switch (random.nextInt(depth > 0 ? 8 : 6)) {
            case 0 -> text.append(random.nextInt(2000) - 1000);
            case 1 -> text.append(random.nextGaussian() * Math.pow(10, random.nextInt(40) - 20));
            case 2, 3 -> string(random, text);
            case 4 -> text.append(List.of("true", "false", "null").get(random.nextInt(3)));
            case 5 -> text.append(random.nextBoolean() ? "[]" : "{ }");
            case 6 -> parts(random, text, depth, false);
            default -> parts(random, text, depth, true);
        }
    }

    private static void parts(Random random, StringBuilder text, int depth, boolean object) {
        int count = 1 + random.nextInt(4);
        text.append(object ? '{' : '[');
        for (int i = 0; i < count; i++) {
            if (i > 0) text.append(random.nextBoolean() ? "," : " ,\n\t");
            if (object) {
                string(random, text);
                text.append(random.nextBoolean() ? ":" : " : ");
            }
            value(random, text, depth - 1);
        }
        text.append(object ? '}' : ']');
    }

    private static void string(Random random, StringBuilder text) {
        List<String> pieces =
                List.of(
                        "a",
                        "model",
                        " ",
                        "é",
                        "漢字",
                        "😀",
                        "\\n",
                        "\\\"",
                        "\\\\",
                        "\\u00e9",
                        "\\ud83d\\ude00",
                        "/",
                        "\u007f");
        text.append('"');
        for (int i = random.nextInt(12); i > 0; i--) text.append(pieces.get(random.nextInt(pieces.size())));
        text.append('"');
    }

    private static byte[] mutated(byte[] document, Random random) {
        byte[] octets = bytes("{}[]\",:\\0-9.eEtfnu \n\t\u0001/x");
        List<Byte> changed = new ArrayList<>();
        for (byte octet : document) changed.add(octet);
        for (int i = 1 + random.nextInt(2); i > 0 && !changed.isEmpty(); i--) {
            int at = random.nextInt(changed.size());
            byte octet = random.nextInt(8) == 0 ? (byte) random.nextInt(256) : octets[random.nextInt(octets.length)];
            switch (random.nextInt(3)) {
                case 0 -> changed.set(at, octet);
                case 1 -> changed.add(at, octet);
                default -> changed.remove(at);
            }
        }
        byte[] mutant = new byte[changed.size()];
        for (int i = 0; i < mutant.length; i++) mutant[i] = changed.get(i);
        return mutant;
    }

    private static String text(byte[] json, Value value) {
        return new String(json, value.span().from(), value.span().length(), StandardCharsets.UTF_8);
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) all.writeBytes(part);
        return all.toByteArray();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
