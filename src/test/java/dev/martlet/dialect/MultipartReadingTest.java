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
import dev.martlet.dialect.MultipartReading.Edit;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

@DisplayName("A form of the OpenAI dialect")
class MultipartReadingTest {
    private static final String TYPE = "multipart/form-data; boundary=B";
    private static final String FILE =
            field("file\"; filename=\"a \\\"b\\\".mp3", "\0\1 model --B \r\n-- B\r\nname=\"model\"\r\n");
    private static final String FORM = FILE + field("model", "whisper-1") + field("stream", "true") + "--B--\r\n";

    @Test
    void saysWhichModelAndWhetherItStreams() {
        MultipartReading form = whole(FORM);
        assertEquals("whisper-1", form.model());
        assertTrue(form.stream());
        assertFalse(whole(FORM.replace("true", "false")).stream());
        assertFalse(whole(field("model", "m") + "--B--").stream());
    }

    @Test
    void isEditedInPlace() {
        int from = FORM.indexOf("whisper-1");
        assertEquals(Optional.of(new Edit(from, from + 9, "large é")), whole(FORM).edit("large é"));
        assertEquals(Optional.empty(), whole(FORM).edit("whisper-1"));
    }

    @Test
    void isUnderstoodAsFarAsItIsHere() {
        byte[] form = FORM.getBytes(UTF_8);
        int modelEnds = FORM.indexOf("whisper-1") + "whisper-1\r\n--B".length();
        MultipartReading reading = reading(TYPE);
        for (int length = 1; length <= form.length; length++) {
            reading.read(form, length - 1, 1);
            assertEquals(length >= modelEnds, reading.namesModel(), "at " + length);
        }
        reading.end();
        assertEquals("whisper-1", reading.model());
        assertTrue(reading.stream());
    }

    @Test
    void isRoutedByOpenAisDefaultWhereAModelMayBeLeftOut() {
        String form = field("prompt", "a bird") + "--B--\r\n";
        MultipartReading images = new MultipartReading(RequestReadingTest.operation(Kind.IMAGES), List.of(TYPE));
        read(images, form);
        images.end();
        assertEquals("dall-e-2", images.model());
        assertEquals(Optional.empty(), images.edit("other"));
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
        assertEquals("whisper-1", whole(type, FORM).model());
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
        assertEquals("duplicate_key", refusal(TYPE, field("stream", "true").repeat(2) + "--B--").code());
        MultipartReading amid = reading(TYPE);
        assertThrows(Refused.class, () -> read(amid, field("model", "a") + field("model", "b") + "--B"));
    }

    @Test
    void isRefusedWithTwoContentTypes() {
        List<String> types = List.of(TYPE, TYPE + "B");
        assertThrows(Refused.class, () -> new MultipartReading(RequestReadingTest.operation(Kind.AUDIO), types));
    }

    @ParameterizedTest
    @CsvSource({
        "multipart/form-data; boundary=B, true",
        "Multipart/Form-Data , true",
        "multipart/form-data-x, false",
        "application/json, false"
    })
    void isSaidToComeByItsContentType(String type, boolean form) {
        assertEquals(form, MultipartReading.reads(List.of("text/plain", type)));
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
        MultipartReading reading = reading("multipart/form-data; boundary=" + dashes);
        assertTimeout(Duration.ofSeconds(5), () -> reading.read(adversarial, 0, adversarial.length));
    }

    private static String field(String name, String value) {
        return "--B\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n";
    }

    private static MultipartReading whole(String form) {
        return whole(TYPE, form);
    }

    private static MultipartReading whole(String type, String form) {
        MultipartReading reading = reading(type);
        read(reading, form);
        reading.end();
        return reading;
    }

    private static MultipartReading reading(String type) {
        return new MultipartReading(RequestReadingTest.operation(Kind.AUDIO), List.of(type));
    }

    private static void read(MultipartReading reading, String piece) {
        byte[] bytes = piece.getBytes(UTF_8);
        reading.read(bytes, 0, bytes.length);
    }

    private static BadRequest refusal(String type, String form) {
        Refused refused = assertThrows(Refused.class, () -> whole(type, form));
        return assertInstanceOf(BadRequest.class, refused.why());
    }
}
