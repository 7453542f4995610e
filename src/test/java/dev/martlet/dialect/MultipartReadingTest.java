package dev.martlet.dialect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.martlet.Operation.Kind;
import dev.martlet.Refusal.BadRequest;
import dev.martlet.Refused;
import dev.martlet.dialect.MultipartReading.Found;
import dev.martlet.dialect.MultipartReading.NotYet;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.Arrays;

@DisplayName("A form of the OpenAI dialect")
class MultipartReadingTest {
    private static final String TYPE = "multipart/form-data; boundary=B";
    private static final String FILE =
            field("file\"; filename=\"a \\\"b\\\".mp3", "\0\1 model --B \r\n-- B\r\nname=\"model\"\r\n");
    private static final String FORM = FILE + field("model", "whisper-1") + field("stream", "true") + "--B--\r\n";

    @Test
    void saysWhichModelAndWhetherItStreams() {
        Found found = found(FORM, true);
        assertEquals("whisper-1", found.model());
        assertTrue(found.stream());
        assertFalse(found(FORM.replace("true", "false"), true).stream());
        assertFalse(found(field("model", "m") + "--B--", true).stream());
    }

    @Test
    void isEditedInPlace() {
        byte[] upstream = found(FORM, true).begin(FORM.getBytes(UTF_8), "large é");
        assertEquals(FORM.replace("whisper-1", "large é"), new String(upstream, UTF_8));
    }

    @Test
    void isUnderstoodAsFarAsItIsHere() {
        byte[] form = FORM.getBytes(UTF_8);
        int modelEnds = FORM.indexOf("whisper-1") + "whisper-1\r\n--B".length();
        for (int length = 3; length < form.length; length++) {
            MultipartReading reading =
                    MultipartReading.of(
                            RequestReadingTest.operation(Kind.AUDIO), TYPE, Arrays.copyOf(form, length), false);
            if (length < modelEnds) assertEquals(new NotYet(), reading, "at " + length);
            else assertEquals("whisper-1", assertInstanceOf(Found.class, reading, "at " + length).model());
        }
    }

    @Test
    void isRoutedByOpenAisDefaultWhereAModelMayBeLeftOut() {
        String form = field("prompt", "a bird") + "--B--\r\n";
        MultipartReading images =
                MultipartReading.of(RequestReadingTest.operation(Kind.IMAGES), TYPE, form.getBytes(UTF_8), true);
        Found found = assertInstanceOf(Found.class, images);
        assertEquals("dall-e-2", found.model());
        assertEquals(form, new String(found.begin(form.getBytes(UTF_8), "other"), UTF_8));
        assertEquals("missing_required_parameter", refusal(TYPE, form).code());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "multipart/form-data; boundary=\"B\"",
                "Multipart/Form-Data;boundary=B",
                "multipart/form-data; charset=utf-8; BOUNDARY=B ; x=\"a;b\"",
                "multipart/form-data; boundary=B;"
            })
    void hasABoundaryHoweverItIsWritten(String type) {
        assertEquals("whisper-1", found(type, FORM).model());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "multipart/mixed; boundary=B",
                "multipart/form-data",
                "multipart/form-data; boundary=",
                "multipart/form-data; boundary=\"\"",
                "multipart/form-data; boundary=B; boundary=C",
                "multipart/form-data; boundary=\"B",
                "multipart/form-data; boundary=B C",
                "multipart/form-data; boundary=\"B \"",
                "multipart/form-data; boundary=\"B\\\r\"",
                "multipart/form-data; boundary=B*",
                "multipart/form-data; boundary=012345678901234567890123456789012345678901234567890123456789012345678901"
            })
    void isRefusedWithoutAProperBoundary(String type) {
        assertEquals("invalid_multipart", refusal(type, FORM).code());
    }

    /// `~` is CR LF.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "preamble~--B~Content-Disposition: form-data; name=\"model\"~~m~--B--",
                "--C~Content-Disposition: form-data; name=\"model\"~~m~--C--",
                "--B \r\nContent-Disposition: form-data; name=\"model\"~~m~--B--",
                "--Bx~Content-Disposition: form-data; name=\"model\"~~m~--B--",
                "--B\nContent-Disposition: form-data; name=\"model\"\n\nm\n--B--",
                "--B~Content-Disposition: form-data; name=\"model\"~~m\n--B--",
                "--B~Content-Disposition: form-data; name=\"model\"~~m\r--B--",
                "--B~Content-Disposition: form-data; name=\"model\"~~m~--Bad~--B--",
                "--B~Content-Disposition: form-data; name=\"model\"~~m~--B -~--B--",
                "--B~Content-Disposition: form-data; name=\"model\"~~--B--",
                "--B~Content-Disposition: form-data; name=\"model\"~~m",
                "--B~Content-Disposition: form-data; name=\"model\"~~m~--B",
                "--B~Content-Disposition: form-data; name=\"model\"; filename=\"x\"~~m~--B--",
                "--B~Content-Disposition: form-data; name=\"model\"; filename*=\"x\"~~m~--B--",
                "--B~Content-Disposition: form-data; name=\"model\"; name*=\"x\"~~m~--B--",
                "--B~Content-Disposition: form-data; name=\"model\"; name=\"x\"~~m~--B--",
                "--B~Content-Disposition: form-data; name=\"mod\\el\"~~m~--B--",
                "--B~Content-Disposition: form-data; name=\"mod\\\\el\"~~m~--B--",
                "--B~Content-Disposition: form-data~~m~--B--",
                "--B~Content-Disposition: attachment; name=\"model\"~~m~--B--",
                "--B~Content-Disposition: form-data; name=\"x\"~Content-Disposition: form-data;"
                        + " name=\"model\"~~m~--B--",
                "--B~Content-Disposition: form-data;~ name=\"model\"~~m~--B--",
                "--B~Content-Disposition : form-data; name=\"model\"~~m~--B--",
                "--B~Content-Disposition: form-data; name=\"model\"\nX: y~~m~--B--",
                "--B~Content-Type: text/plain~~m~--B--",
                "--B~~m~--B--",
                "--B~Content-Disposition: form-data; name=\"model\"~Content-Transfer-Encoding: base64~~bQ==~--B--"
            })
    void isRefusedWhenItCouldBeReadInTwoWays(String form) {
        assertEquals("invalid_multipart", refusal(TYPE, form.replace("~", "\r\n")).code());
    }

    @Test
    void isRefusedWithTwoModels() {
        assertEquals("duplicate_key", refusal(TYPE, field("model", "a") + field("model", "b") + "--B--").code());
        String cut = field("model", "a") + "--B\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nfor";
        Refused refused = assertThrows(Refused.class, () -> found(cut, false));
        assertEquals("duplicate_key", assertInstanceOf(BadRequest.class, refused.why()).code());
    }

    @ParameterizedTest
    @CsvSource({"'',invalid_value", "' ',invalid_value", "'a\nb',invalid_value"})
    void isRefusedWithAModelThatHasNoName(String model, String code) {
        assertEquals(code, refusal(TYPE, field("model", model) + "--B--").code());
    }

    @Test
    void isRefusedWhenStreamIsNoBoolean() {
        assertEquals("invalid_type", refusal(TYPE, FORM.replace("true", "yes")).code());
    }

    @Test
    void isBounded() {
        String long1 = "--B\r\nContent-Disposition: form-data; name=\"x\"\r\nX: " + "y".repeat(9000);
        assertEquals("invalid_multipart", refusal(TYPE, long1).code());
        assertEquals("invalid_multipart", refusal(TYPE, field("x", "y").repeat(1001) + "--B--").code());
        String dashes = "-".repeat(70);
        byte[] adversarial =
                ("--" + dashes + "\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n" + "-".repeat(60) + "x")
                        .concat(("-".repeat(71) + "x").repeat(900))
                        .getBytes(UTF_8);
        assertTimeout(
                Duration.ofSeconds(5),
                () ->
                        MultipartReading.of(
                                RequestReadingTest.operation(Kind.AUDIO),
                                "multipart/form-data; boundary=" + dashes,
                                adversarial,
                                false));
    }

    private static String field(String name, String value) {
        return "--B\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n";
    }

    private static Found found(String form, boolean whole) {
        return assertInstanceOf(
                Found.class,
                MultipartReading.of(RequestReadingTest.operation(Kind.AUDIO), TYPE, form.getBytes(UTF_8), whole));
    }

    private static Found found(String type, String form) {
        return assertInstanceOf(
                Found.class,
                MultipartReading.of(RequestReadingTest.operation(Kind.AUDIO), type, form.getBytes(UTF_8), true));
    }

    private static BadRequest refusal(String type, String form) {
        Refused refused = assertThrows(Refused.class, () -> found(type, form));
        return assertInstanceOf(BadRequest.class, refused.why());
    }
}
