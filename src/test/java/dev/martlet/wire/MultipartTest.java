package dev.martlet.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.martlet.wire.Multipart.FormField;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

class MultipartTest {
    private static final String TYPE = "multipart/form-data; boundary=b0";
    private static final String MODEL = "--b0\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\n";
    private static final String END = "\r\n--b0--\r\n";

    /// What chance builds contents of: all that looks like a boundary, and is none.
    private static final List<String> LOOK_ALIKES =
            List.of("\r", "\n", "\r\n", "-", "--", "--b", "x--b0", "\r\n--b", "\r\n--b1", "\r\n-b0", "b0", "z", "\0");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "form-data; name=\"model\"",
                "form-data; name=model",
                "FORM-DATA;name=\"model\" ;",
                "form-data; foo=bar; name=\"model\"",
            })
    void findsAField(String disposition) throws Malformed {
        String form = "--b0\r\ncontent-disposition: " + disposition + "\r\n\r\nwhisper-1" + END;
        Multipart read = read(form);
        assertTrue(read.closed());
        int from = form.indexOf("whisper-1");
        assertEquals(List.of(new FormField("model", false, from, from + 9, Optional.of("whisper-1"))), read.found());
    }

    @Test
    void aFieldIsFoundOnceItIsWhole() throws Malformed {
        assertEquals(List.of(), read(MODEL + "whisper-1\r\n--b").found());
        Multipart read = read(MODEL + "whisper-1\r\n--b0");
        assertEquals("whisper-1", read.found().getFirst().text().orElseThrow());
        assertFalse(read.closed());
    }

    @Test
    void aFileHasNoText() throws Malformed {
        String form = "--b0\r\nContent-Disposition: form-data; name=\"model\"; filename=\"a\"\r\n\r\nabc" + END;
        FormField field = read(form).found().getFirst();
        assertTrue(field.file());
        assertEquals(Optional.empty(), field.text());
    }

    @Test
    void whatIsNotUtf8HasNoText() throws Malformed {
        assertEquals(Optional.empty(), read(MODEL + "\u00ff" + END).found().getFirst().text());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "\r--b0\r\n",
                "\n--b0\r\n",
                "\r\n\r\n--b0\r\n",
                "--b1",
                "--b0x\r\n",
                "--b0 \r\n",
                "--b0\n\n",
                "--b0\r\n\r\n\r\n",
                "--b0\r\nname: x\r\n\r\n",
                "--b0\r\nContent-Disposition: form-data\r\n\r\n",
                "--b0\r\nContent-Disposition: attachment; name=a\r\n\r\n",
                "--b0\r\nContent-Disposition: form-data; name=a; name=b\r\n\r\n",
                "--b0\r\nContent-Disposition: form-data; name=a\r\nContent-Disposition: form-data; name=b\r\n\r\n",
                "--b0\r\nContent-Disposition: form-data; name=a; name*=UTF-8''b\r\n\r\n",
                "--b0\r\nContent-Disposition: form-data; name=\"a\\\\\"\r\n\r\n",
                "--b0\r\nContent-Disposition: form-data; name=a\r\nContent-Transfer-Encoding: base64\r\n\r\n",
                "--b0\r\nContent-Disposition: form-data; name=a\nX: y\r\n\r\n",
                "--b0\r\nContent-Disposition: form-data; name=a\r\n--b0: y\r\n\r\n",
                "--b0\r\nContent-Disposition: form-data; name=a\r\n\r\n--b0",
                "--b0\r\nContent-Disposition: form-data; name=a\r\n\r\n\r--b0",
                "--b0\r\nContent-Disposition: form-data; name=a\r\n\r\n\n--b0",
                "--b0\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r--b0",
                "--b0\r\nContent-Disposition: form-data; name=a\r\n\r\nx\n--b0",
                "--b0\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r-\n--b0",
                "--b0\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n\r--b0",
            })
    @DisplayName("what could be read in two ways is refused")
    void refuses(String form) {
        assertThrows(Malformed.class, () -> read(form));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "multipart/form-data",
                "multipart/form-data; boundary=",
                "multipart/form-data; boundary=\"a \"",
                "multipart/form-data; boundary=a; boundary=b",
                "multipart/form-data; boundary=a\"b",
                "multipart/mixed; boundary=a",
                "multipart/form-data; boundary=12345678901234567890123456789012345678901234567890123456789012345678901",
            })
    void refusesABoundary(String contentType) {
        assertThrows(Malformed.class, () -> new Multipart(contentType, Set.of()));
    }

    @Test
    void boundsTheNumberOfFields() throws Malformed {
        String field = "--b0\r\nContent-Disposition: form-data; name=a\r\n\r\n\r\n";
        assertTrue(read(field.repeat(1000) + "--b0--").closed());
        assertThrows(Malformed.class, () -> read(field.repeat(1001) + "--b0--"));
    }

    @Test
    void boundsAHead() {
        assertThrows(Malformed.class, () -> read("--b0\r\n" + "a".repeat((8 << 10) + 1)));
    }

    @Test
    void boundsATextThatIsKept() throws Malformed {
        assertEquals(4096, read(MODEL + "m".repeat(4096) + END).found().getFirst().text().orElseThrow().length());
        assertThrows(Malformed.class, () -> read(MODEL + "m".repeat(5000)));
    }

    @Test
    @DisplayName("a form is the same however it is cut into pieces, and whatever looks like a boundary in it")
    void isTheSameInPieces() throws Malformed {
        for (int seed = 0; seed < 2000; seed++) {
            Random random = new Random(seed);
            StringBuilder form = new StringBuilder();
            List<FormField> expected = new ArrayList<>();
            for (int fields = 1 + random.nextInt(4); fields > 0; fields--) append(random, form, expected);
            String whole = form + "--b0--" + "\r\nepilogue --b0\r\n".repeat(random.nextInt(2));
            byte[] bytes = whole.getBytes(StandardCharsets.ISO_8859_1);
            Multipart read = new Multipart(TYPE, Set.of("model"));
            for (int at = 0; at < bytes.length; ) {
                int count = 1 + random.nextInt(Math.min(bytes.length - at, 1 + random.nextInt(40)));
                read.read(bytes, at, count);
                at += count;
            }
            assertTrue(read.closed(), whole);
            assertEquals(expected, read.found(), whole);
        }
    }

    private static void append(Random random, StringBuilder form, List<FormField> expected) {
        String name = random.nextBoolean() ? "model" : "other";
        boolean file = random.nextBoolean();
        String head = "Content-Disposition: form-data; name=\"" + name + (file ? "\"; filename=\"f\"" : "\"");
        form.append("--b0\r\n").append(head).append("\r\n\r\n");
        StringBuilder content = new StringBuilder("x"); // a boundary at once behind a head is refused
        for (int pieces = random.nextInt(8); pieces > 0; pieces--) {
            content.append(LOOK_ALIKES.get(random.nextInt(LOOK_ALIKES.size())));
        }
        boolean closesItself = (content + "\r").matches("(?s).*[\r\n]--b0.*");
        String safe = closesItself ? "x" : content.toString();
        int from = form.length();
        form.append(safe);
        Optional<String> text = file ? Optional.empty() : Optional.of(safe);
        if (name.equals("model")) expected.add(new FormField(name, file, from, form.length(), text));
        form.append("\r\n");
    }

    @Test
    @Timeout(60)
    @DisplayName("work grows with the length alone, also when every line begins like a boundary")
    void isLinear() throws Malformed {
        String boundary = "-".repeat(70);
        String line = "\r\n" + "-".repeat(71);
        byte[] piece = line.repeat(1000).getBytes(StandardCharsets.ISO_8859_1);
        Multipart form = new Multipart("multipart/form-data; boundary=" + boundary, Set.of());
        byte[] begin =
                ("--" + boundary + "\r\nContent-Disposition: form-data; name=a\r\n\r\n")
                        .getBytes(StandardCharsets.ISO_8859_1);
        form.read(begin, 0, begin.length);
        long read = 0;
        for (int i = 0; i < 1000; i++) {
            form.read(piece, 0, piece.length);
            read += piece.length;
        }
        assertFalse(form.closed());
        assertTrue(read > 70_000_000);
    }

    private static Multipart read(String form) throws Malformed {
        byte[] bytes = form.getBytes(StandardCharsets.ISO_8859_1);
        Multipart read = new Multipart(TYPE, Set.of("model"));
        read.read(bytes, 0, bytes.length);
        return read;
    }
}
