package dev.martlet.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.martlet.Field;
import dev.martlet.Fields;
import dev.martlet.wire.Http1.Framing;
import dev.martlet.wire.Http1.Limits;
import dev.martlet.wire.Http1.RequestHead;
import dev.martlet.wire.Http1.ResponseHead;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

class Http1Test {
    private static final Limits LIMITS = new Limits(16 << 10, 100, 4 << 10, 1 << 20);
    private static final long BODY_BYTES_MAX = 1 << 20;
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n";
    private static final String POST = "POST / HTTP/1.1\r\nHost: a\r\n";
    private static final String CHUNKED = "5\r\nhello\r\n6;a=b\r\n world\r\n0\r\nX-Role: admin\r\n\r\n";

    // What is refused: framing (F-1 to F-3).

    @Test
    @DisplayName("F-1 a length and a coding at once")
    void refusesTwoWaysToEndABody() {
        assertRefused(400, POST + "Content-Length: 31\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /smuggled");
        assertRefused(400, POST + "Transfer-Encoding: chunked\r\nContent-Length: 31\r\n\r\n0\r\n\r\nGET /smuggled");
        assertRefused(400, POST + "Transfer-Encoding: gzip\r\nContent-Length: 31\r\n\r\n");
    }

    @ParameterizedTest
    @DisplayName("F-2 a Content-Length that is not a plain number")
    @ValueSource(
            strings = {
                "",
                "5, 5",
                "5,6",
                "+5",
                "-1",
                "-0",
                "0x5",
                "05",
                "00",
                "1Z",
                "5.0",
                "1e1",
                "5_",
                "5 5",
                "\"5\"",
                "5;",
                "9223372036854775808",
                "18446744073709551621",
                "5\t5",
                "\u00b2",
                "5\u00a0"
            })
    void refusesOddLengths(String length) {
        assertRefused(400, POST + "Content-Length: " + length + "\r\n\r\nhello");
    }

    @ParameterizedTest
    @DisplayName("F-2 white space behind a length or a coding")
    @ValueSource(
            strings = {
                "Content-Length: 5 ",
                "Content-Length: 5\t",
                "content-length:5 \t",
                "Content-Length: ",
                "Transfer-Encoding: chunked ",
                "transfer-encoding: chunked\t"
            })
    void refusesBlanksBehindFramingValues(String line) {
        assertRefused(400, POST + line + "\r\n\r\nhello");
    }

    @Test
    @DisplayName("F-2 two lengths, equal ones too")
    void refusesTwoLengths() {
        assertRefused(400, POST + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello");
        assertRefused(400, POST + "Content-Length: 5\r\ncontent-length: 5\r\n\r\nhello");
    }

    @ParameterizedTest
    @DisplayName("F-3 a coding that is not chunked alone")
    @ValueSource(
            strings = {
                "chunked, chunked",
                "chunked, gzip",
                "gzip, chunked",
                "gzip",
                "identity",
                "chunked, identity",
                ",chunked",
                "chunked,",
                "xchunked",
                "chunkedx",
                "chunked;x",
                "chunked;q=1",
                "\"chunked\"",
                "'chunked'",
                "",
                "chun ked",
                "\u00a0chunked",
                "chunked\u00a0",
                "\u0085chunked",
                "\u00ffchunked"
            })
    void refusesOtherCodings(String coding) {
        assertRefused(List.of(400, 501), POST + "Transfer-Encoding: " + coding + "\r\n\r\n0\r\n\r\n");
    }

    @Test
    @DisplayName("F-3 two lines of codings")
    void refusesTwoCodingLines() {
        String line = "Transfer-Encoding: chunked\r\n";
        assertRefused(400, POST + line + line + "\r\n0\r\n\r\n");
        assertRefused(400, POST + line + "transfer-encoding: identity\r\n\r\n0\r\n\r\n");
    }

    @ParameterizedTest
    @DisplayName("F-4 a coding whose line is hidden from one of two readers")
    @ValueSource(
            strings = {
                "Transfer-Encoding : chunked",
                "Transfer-Encoding\t: chunked",
                " Transfer-Encoding: chunked",
                "\tTransfer-Encoding: chunked",
                "Transfer-Encoding\u0000: chunked",
                "Transfer-Encoding:\u000bchunked",
                "Transfer-Encoding:\fchunked",
                "Transfer-Encoding: chunked\u0000",
                "Transfer-Encoding: \u0001chunked",
                "Transfer-Encoding:\n chunked",
                "Transfer-Encoding:\r\n chunked",
                "Foo: bar\nTransfer-Encoding: chunked",
                "Foo: bar\rTransfer-Encoding: chunked",
                "Foo: bar\r\n\rTransfer-Encoding: chunked",
                "\u00ffTransfer-Encoding: chunked",
                "Transfer-Encoding\u00a0: chunked",
                "Transfer\u0000-Encoding: chunked"
            })
    void refusesHiddenCodings(String line) {
        assertRefused(400, POST + line + "\r\nContent-Length: 5\r\n\r\n0\r\n\r\n");
        assertRefused(400, POST + "Content-Length: 5\r\n" + line + "\r\n\r\n0\r\n\r\n");
    }

    // What is refused: lines (F-5 to F-7).

    @ParameterizedTest
    @DisplayName("F-5 a line that is not a name, a colon and a value")
    @ValueSource(
            strings = {
                "Content-Length : 5",
                "X\t: 1",
                "X :1",
                "no colon",
                "X",
                ": empty name",
                ":",
                " X: leading",
                "\tX: leading",
                "X: 1\r\n folded",
                "X: 1\r\n\tfolded",
                "X: 1\r\n ",
                "X\r\n: 1",
                "X-\r\n Y: 1",
                "X Y: 1",
                "X(: 1",
                "X@: 1"
            })
    void refusesOddLines(String line) {
        assertRefused(400, GET + line + "\r\n\r\n");
        assertRefused(400, "GET / HTTP/1.1\r\n" + line + "\r\nHost: a\r\n\r\n");
    }

    @ParameterizedTest
    @DisplayName("F-6 a line that ends with anything but CR LF")
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\nHost: a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\n\n",
                "GET / HTTP/1.1\rHost: a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\rX: 1\r\n\r\n",
                "GET / HTTP/1.1\r\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\n\r\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\n\rX",
                "\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
                "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
                "\rGET / HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nX: 1\n\n",
                "GET / HTTP/1.1\n\rHost: a\r\n\r\n"
            })
    void refusesOtherLineEnds(String message) {
        assertRefused(400, message);
    }

    @ParameterizedTest
    @DisplayName("F-7 a control character in a name, a value, the method or the target")
    @ValueSource(ints = {0x00, 0x01, 0x08, 0x0B, 0x0C, 0x1B, 0x1F, 0x7F})
    void refusesControlCharacters(int octet) {
        char c = (char) octet;
        assertRefused(400, GET + "X" + c + "Y: 1\r\n\r\n");
        assertRefused(400, GET + "X: 1" + c + "2\r\n\r\n");
        assertRefused(400, GET + "X: " + c + "\r\n\r\n");
        assertRefused(400, "GE" + c + "T / HTTP/1.1\r\nHost: a\r\n\r\n");
        assertRefused(400, "GET /" + c + " HTTP/1.1\r\nHost: a\r\n\r\n");
        assertRefused(400, "GET / HTTP/1.1" + c + "\r\nHost: a\r\n\r\n");
    }

    @Test
    @DisplayName("F-7 an octet above 0x7F in a name or the target")
    void refusesHighOctetsOutsideValues() {
        for (int octet = 0x80; octet <= 0xFF; octet++) {
            assertRefused(400, GET + "X" + (char) octet + ": 1\r\n\r\n");
            assertRefused(400, "GET /" + (char) octet + " HTTP/1.1\r\nHost: a\r\n\r\n");
        }
    }

    // What is refused: the start line and Host (F-8, F-9, F-15).

    @ParameterizedTest
    @DisplayName("F-8 a version that is neither HTTP/1.1 nor HTTP/1.0")
    @CsvSource({
        "HTTP/1.32, 400", "HTTP/4294967297.1, 400", "HTTP/1, 400", "HTTP/1., 400", "HTTP/.1, 400", "http/1.1, 400",
        "HTTP/1.1x, 400", "XHTTP/1.1, 400", "HTTP/+1.1, 400", "HTTP/ 1.1, 400", "HTTP/01.1, 400",
                "HTTP/1.1 HTTP/1.1, 400",
        "HTTP/2.0, 505", "HTTP/0.9, 505", "HTTP/1.2, 505", "HTTP/3.0, 505"
    })
    void refusesOtherVersions(String version, int status) {
        assertRefused(status, "GET / " + version + "\r\nHost: a\r\n\r\n");
    }

    @ParameterizedTest
    @DisplayName("F-8 a request line of another shape")
    @ValueSource(
            strings = {
                "GET /",
                "GET",
                "",
                " ",
                "  ",
                "GET ",
                "GET  HTTP/1.1",
                "GET  / HTTP/1.1",
                "GET /  HTTP/1.1",
                " GET / HTTP/1.1",
                "GET / HTTP/1.1 ",
                "GET\t/\tHTTP/1.1",
                "GET /a b HTTP/1.1",
                "G(T / HTTP/1.1",
                "/ HTTP/1.1",
                "hello"
            })
    void refusesOtherRequestLines(String line) {
        assertRefused(400, line + "\r\nHost: a\r\n\r\n");
    }

    @Test
    @DisplayName("F-8 the preface of HTTP/2")
    void refusesThePrefaceOfHttp2() {
        assertRefused(505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    }

    @Test
    @DisplayName("F-9 a coding in HTTP/1.0")
    void refusesCodingsOfHttp10() {
        assertRefused(400, "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
    }

    @ParameterizedTest
    @DisplayName("F-15 a Host that is not a name or an address with a port")
    @ValueSource(
            strings = {
                "", "a b", "a:808a", "a:-1", "a:8080:1", "a:999999", "a/", "a/b", "[::1", "::1", "[::1]a", "[::1]:x",
                        "[g::1]",
                "[]", "user@a", "user:secret@a", "a,b", "a?", "a#", "a\\b", "a%00", "http://a", ":80", "\u00e4", "a\tb",
                        "a;b"
            })
    void refusesOddHosts(String host) {
        assertRefused(400, "GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
        assertRefused(400, "GET / HTTP/1.0\r\nHost: " + host + "\r\n\r\n");
    }

    @Test
    @DisplayName("F-15 no Host, or two")
    void refusesAnythingButOneHost() {
        assertRefused(400, "GET / HTTP/1.1\r\n\r\n");
        assertRefused(400, GET + "Host: a\r\n\r\n");
        assertRefused(400, GET + "host: b\r\n\r\n");
        assertRefused(400, "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n");
    }

    @ParameterizedTest
    @DisplayName("F-15 a target that is not a path")
    @ValueSource(
            strings = {
                "http://a/",
                "http://b/v1",
                "https://a",
                "a:443",
                "*",
                "v1/models",
                "?x",
                "/a#b",
                "#",
                "/\u00e4",
                "HTTP://a/",
                "\\x"
            })
    void refusesOtherTargets(String target) {
        assertRefused(400, "GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n");
    }

    // What is refused: size.

    @Test
    void refusesATargetThatIsTooLongWith414() throws IOException {
        String longest = "/" + "a".repeat(LIMITS.targetBytes() - 1);
        assertEquals(longest, request("GET " + longest + " HTTP/1.1\r\nHost: a\r\n\r\n").target());
        assertRefused(414, "GET " + longest + "a HTTP/1.1\r\nHost: a\r\n\r\n");
    }

    @Test
    void refusesAHeadThatIsTooLargeWith431() throws IOException {
        int room = LIMITS.headBytes() - (GET + "X: \r\n\r\n").length();
        assertEquals(2, request(GET + "X: " + "a".repeat(room) + "\r\n\r\n").fields().size());
        assertRefused(431, GET + "X: " + "a".repeat(room + 1) + "\r\n\r\n");
        assertRefused(431, GET + "X: " + "a".repeat(room * 10));
        assertRefused(431, "A".repeat(room * 2));
    }

    @Test
    void aSmallLimitHoldsAlsoWhenTheHeadCameInOnePiece() {
        Limits small = new Limits(1 << 10, 100, 1 << 10, 1 << 20);
        String head = GET + "X: " + "a".repeat((1 << 10) - (GET + "X: \r\n\r\n").length()) + "\r\n\r\n";
        assertTrue(assertDoesNotThrow(() -> Http1.readRequest(source(head), small)).isPresent());
        String larger = head.replace("X: ", "X: a");
        assertEquals(431, assertThrows(Malformed.class, () -> Http1.readRequest(source(larger), small)).status());
    }

    @Test
    void refusesTooManyLinesWith431() throws IOException {
        assertEquals(100, request(GET + "X: 1\r\n".repeat(99) + "\r\n").fields().size());
        assertRefused(431, GET + "X: 1\r\n".repeat(100) + "\r\n");
    }

    @Test
    void aRefusalNeverRepeatsWhatWasSent() {
        Malformed malformed = assertThrows(Malformed.class, () -> request(GET + "sk-secret : sk-secret\r\n\r\n"));
        assertFalse(String.valueOf(malformed.getMessage()).contains("secret"));
    }

    // What is accepted.

    @Test
    void keepsTheOrderTheCaseAndTheRepetitionOfLines() throws IOException {
        RequestHead head =
                request("GET /?a=%2F&b HTTP/1.1\r\nhOsT: a:8080\r\nX-B: 1\r\nx-a:2\r\nX-B: \t3 \t\r\nEmpty:\r\n\r\n");
        assertEquals(
                List.of(
                        new Field("hOsT", "a:8080"),
                        new Field("X-B", "1"),
                        new Field("x-a", "2"),
                        new Field("X-B", "3"),
                        new Field("Empty", "")),
                fields(head.fields()));
        assertEquals("GET", head.method());
        assertEquals("/?a=%2F&b", head.target());
        assertEquals(new Framing.None(), head.framing());
    }

    @Test
    @DisplayName("F-7 octets above 0x7F in a value pass byte for byte")
    void keepsHighOctetsInValues() throws IOException {
        String value =
                IntStream.rangeClosed(0x80, 0xFF)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString();
        String message = GET + "X: " + value + "\r\n\r\n";
        RequestHead head = request(message);
        assertEquals(value, head.fields().first("X").orElseThrow());
        assertArrayEquals(octets(message), Http1.head(head.method(), head.target(), head.fields()));
    }

    @Test
    @DisplayName("F-9 HTTP/1.0, with and without Host and keep-alive")
    void takesHttp10() throws IOException {
        assertFalse(request("GET / HTTP/1.0\r\n\r\n").keepsAlive());
        assertTrue(request("GET / HTTP/1.0\r\nHost: a\r\nConnection: Keep-Alive\r\n\r\n").keepsAlive());
        assertFalse(request("GET / HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n").keepsAlive());
        assertEquals(new Framing.Length(5), request("POST / HTTP/1.0\r\nContent-Length: 5\r\n\r\nhello").framing());
        assertFalse(request("POST / HTTP/1.0\r\nExpect: 100-continue\r\n\r\n").expectsContinue());
    }

    @Test
    void keepsAConnectionOfHttp11UnlessToldOtherwise() throws IOException {
        assertTrue(request(GET + "\r\n").keepsAlive());
        assertFalse(request(GET + "Connection: x, CLOSE\r\n\r\n").keepsAlive());
        assertTrue(request(GET + "Expect: 100-Continue\r\n\r\n").expectsContinue());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a.example:443", "127.0.0.1:8080", "[::1]", "[::1]:8080", "a_b-c.d", "a:"})
    void takesAHostWithOrWithoutAPort(String host) throws IOException {
        assertEquals(
                host, request("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n").fields().first("Host").orElseThrow());
    }

    @Test
    void takesTheAsteriskOfOptionsOnly() throws IOException {
        assertEquals("*", request("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n").target());
    }

    @Test
    void takesPlainFramings() throws IOException {
        assertEquals(new Framing.Length(0), request(POST + "Content-Length: 0\r\n\r\n").framing());
        assertEquals(
                new Framing.Length(999_999_999_999_999_999L),
                request(POST + "Content-Length:999999999999999999\r\n\r\n").framing());
        assertEquals(new Framing.Chunked(), request(POST + "Transfer-Encoding: CHUNKED\r\n\r\n").framing());
    }

    @Test
    void aStreamThatEndsBeforeItsFirstByteIsNoMessage() throws IOException {
        assertTrue(Http1.readRequest(source(""), LIMITS).isEmpty());
        assertTrue(Http1.readResponse(source(""), LIMITS).isEmpty());
    }

    @Test
    void readsOneMessageAfterAnother() throws IOException {
        Source source =
                source(
                        POST
                                + "Content-Length: 5\r\n\r\nhello"
                                + POST
                                + "Transfer-Encoding: chunked\r\n\r\n"
                                + CHUNKED
                                + GET
                                + "\r\n");
        for (String body : List.of("hello", "hello world", "")) {
            RequestHead head = Http1.readRequest(source, LIMITS).orElseThrow();
            assertEquals(body, text(Http1.body(source, head.framing(), LIMITS, BODY_BYTES_MAX).readAllBytes()));
        }
        assertTrue(Http1.readRequest(source, LIMITS).isEmpty());
    }

    // Responses (U-7, U-8, U-21, U-24, U-25).

    @ParameterizedTest
    @DisplayName("U-8 a status line that is none")
    @ValueSource(
            strings = {
                "SSH-2.0-OpenSSH_9.2",
                "<html>",
                "HTTP/1.1 999 X",
                "HTTP/1.1 600 X",
                "HTTP/1.1 099 X",
                "HTTP/1.1 20",
                "HTTP/1.1 2000 X",
                "HTTP/1.1 2x0 X",
                "HTTP/1.1 +20 X",
                "HTTP/1.1  200 OK",
                "HTTP/1.1",
                "HTTP/1.1 ",
                "HTTP/1.1\t200",
                "200 OK",
                "HTTP/2 200",
                "HTTP/2.0 200 OK",
                "HTTP/1.1 200 O\u0000K",
                "HTTP/1.1 200 \u007f",
                "ICY 200 OK",
                ""
            })
    void refusesOtherStatusLines(String line) {
        assertThrows(Malformed.class, () -> response(line + "\r\n\r\n"));
    }

    @Test
    void takesAnyReason() throws IOException {
        assertEquals("", response("HTTP/1.1 200\r\n\r\n").reason());
        assertEquals("", response("HTTP/1.1 200 \r\n\r\n").reason());
        assertEquals("Not \u00e4t all", response("HTTP/1.0 404 Not \u00e4t all\r\n\r\n").reason());
        assertEquals("x".repeat(300), response("HTTP/1.1 503 " + "x".repeat(300) + "\r\n\r\n").reason());
    }

    @ParameterizedTest
    @DisplayName("U-21 an answer whose end is said twice, or in a way that we do not know")
    @ValueSource(
            strings = {
                "Content-Length: 5\r\nTransfer-Encoding: chunked",
                "Content-Length: 5\r\nContent-Length: 6",
                "Content-Length: 5\r\nContent-Length: 5",
                "Content-Length: foo",
                "Content-Length: -1",
                "Transfer-Encoding: foo",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: gzip, chunked"
            })
    void refusesAmbiguousAnswers(String lines) throws IOException {
        ResponseHead head = response("HTTP/1.1 200 OK\r\n" + lines + "\r\n\r\n");
        assertThrows(Malformed.class, () -> head.framing("GET"));
        assertThrows(Malformed.class, () -> head.framing("HEAD"));
    }

    @Test
    @DisplayName("U-24 answers that have no body whatever their head says")
    void someAnswersHaveNoBody() throws IOException {
        String length = "Content-Length: 5\r\n\r\nhello";
        assertEquals(new Framing.None(), response("HTTP/1.1 100 Continue\r\n\r\n").framing("GET"));
        assertEquals(new Framing.None(), response("HTTP/1.1 204 No Content\r\n" + length).framing("GET"));
        assertEquals(new Framing.None(), response("HTTP/1.1 304 Not Modified\r\n" + length).framing("GET"));
        assertEquals(new Framing.None(), response("HTTP/1.1 200 OK\r\n" + length).framing("HEAD"));
        assertEquals(new Framing.Length(5), response("HTTP/1.1 200 OK\r\n" + length).framing("GET"));
        assertEquals(new Framing.UntilClose(), response("HTTP/1.1 200 OK\r\n\r\n").framing("GET"));
    }

    @Test
    @DisplayName("U-25 too many lines, too large a head, control characters in a value")
    void refusesOddAnswerHeads() throws IOException {
        String start = "HTTP/1.1 200 OK\r\n";
        assertThrows(Malformed.class, () -> response(start + "X: 1\r\n".repeat(200) + "\r\n"));
        assertThrows(Malformed.class, () -> response(start + "X: " + "a".repeat(64 << 10) + "\r\n\r\n"));
        assertThrows(Malformed.class, () -> response(start + "X: a\u0000b\r\n\r\n"));
        assertThrows(Malformed.class, () -> response(start + "X: a\rb\r\n\r\n"));
        assertThrows(Malformed.class, () -> response(start + "X: a\nb\r\n\r\n"));
        assertEquals(50, response(start + "Set-Cookie: a=1\r\n".repeat(50) + "\r\n").fields().size());
    }

    // Chunked bodies (F-10 to F-14, U-23).

    @ParameterizedTest
    @DisplayName("F-10 a chunk size that is not plain hexadecimal, or too large")
    @ValueSource(
            strings = {
                "+5",
                "-0",
                "-5",
                "0x5",
                "5_",
                " 5",
                "5 ",
                "\t5",
                "5\t",
                "",
                "g",
                "5h",
                "5,",
                "00000000000000005",
                "ffffffffffffffff",
                "10000000000000005",
                "ffffffff",
                "80000000",
                "\u00d9\u00a5",
                "\u00b2",
                "5\u0000"
            })
    void refusesOddChunkSizes(String size) {
        assertEquals(400, refusal(size + "\r\nhello\r\n0\r\n\r\n").status());
        assertEquals(400, refusal("1\r\na\r\n" + size + "\r\nhello\r\n0\r\n\r\n").status());
    }

    @ParameterizedTest
    @DisplayName("F-10, F-11 chunk lines and data that do not end with CR LF")
    @ValueSource(
            strings = {
                "5\r\nhelloXX0\r\n\r\n", "5\r\nhello0\r\n\r\n", "5\r\nhello\n0\r\n\r\n", "5\r\nhello\r0\r\n\r\n",
                        "5\r\nhello\r\r\n0\r\n\r\n",
                "5\nhello\r\n0\r\n\r\n", "5\rhello\r\n0\r\n\r\n", "5\r\r\nhello\r\n0\r\n\r\n", "5\r\nhello\r\n0\n\n",
                        "5\r\nhello\r\n0\r\n\n",
                "5\r\nhello\r\n0\r\n\r\r\n", "5\r\nhelloo\r\n0\r\n\r\n", "6\r\nhello\r\n0\r\n\r\n"
            })
    void refusesOtherLineEndsInChunks(String body) {
        assertEquals(400, refusal(body).status());
    }

    @ParameterizedTest
    @DisplayName("F-12 an extension is read and dropped")
    @ValueSource(strings = {"5;a=b", "5;a", "5;", "5;a=\"b;c\";d", "05;a=b", "5; a = b\t"})
    void dropsExtensions(String sizeLine) throws IOException {
        assertEquals("hello", text(chunked(source(sizeLine + "\r\nhello\r\n0;z\r\n\r\n")).readAllBytes()));
    }

    @Test
    @DisplayName("F-12 an extension that is endless, or breaks its line")
    void refusesOddExtensions() {
        assertEquals(400, refusal("5;" + "a".repeat(1 << 20) + "\r\nhello\r\n0\r\n\r\n").status());
        assertEquals(400, refusal("5;a=\"\r\n\"\r\nhello\r\n0\r\n\r\n").status());
        assertEquals(400, refusal("5;a=\n\r\nhello\r\n0\r\n\r\n").status());
        assertEquals(400, refusal("5;a=\u0000\r\nhello\r\n0\r\n\r\n").status());
        assertEquals(400, refusal("5 ;a=b\r\nhello\r\n0\r\n\r\n").status());
    }

    @ParameterizedTest
    @DisplayName("F-13 trailers are read and dropped")
    @ValueSource(strings = {"Authorization: x", "Content-Length: 5", "X-Role: admin\r\nX: \u00e4"})
    void dropsTrailers(String trailers) throws IOException {
        Source source = source("5\r\nhello\r\n0\r\n" + trailers + "\r\n\r\n" + GET + "\r\n");
        assertEquals("hello", text(chunked(source).readAllBytes()));
        assertEquals(1, Http1.readRequest(source, LIMITS).orElseThrow().fields().size());
    }

    @Test
    @DisplayName("F-13 trailers that are endless, or hold control characters")
    void refusesOddTrailers() {
        assertEquals(400, refusal("0\r\n" + "X: 1\r\n".repeat(2000) + "\r\n").status());
        assertEquals(400, refusal("0\r\nX: 1\nY: 2\r\n\r\n").status());
        assertEquals(400, refusal("0\r\nX: \u0000\r\n\r\n").status());
        assertEquals(400, refusal("0\r\nX: 1\rY\r\n\r\n").status());
    }

    @Test
    @DisplayName("F-14 a missing last chunk never lends the next request to the body")
    void aMissingLastChunkIsMalformed() {
        assertEquals(400, refusal("5\r\nhello\r\n" + GET + "\r\n").status());
    }

    @Test
    void aChunkedBodyOverTheLimitIsTooLarge() throws IOException {
        byte[] chunks = octets("4\r\nabcd\r\n4\r\nefgh\r\n0\r\n\r\n");
        Framing framing = new Framing.Chunked();
        assertEquals(8, Http1.body(source(chunks), framing, LIMITS, 8).readAllBytes().length);
        Malformed malformed =
                assertThrows(Malformed.class, () -> Http1.body(source(chunks), framing, LIMITS, 7).readAllBytes());
        assertEquals(413, malformed.status());
    }

    // Bodies that are cut, and bodies that come in pieces.

    @ParameterizedTest
    @DisplayName("U-12 a chunked body that is cut anywhere never looks finished")
    @ValueSource(ints = {1, 2, 3, 7, 4096})
    void aCutChunkedBodyIsTruncated(int pieceBytes) {
        byte[] whole = octets(CHUNKED);
        for (int cut = 0; cut < whole.length; cut++) {
            assertTruncated(chunked(source(Arrays.copyOf(whole, cut), pieceBytes)));
        }
    }

    @ParameterizedTest
    @DisplayName("U-13 a body shorter than its stated length never looks finished")
    @ValueSource(ints = {1, 2, 3, 7, 4096})
    void aCutBodyOfStatedLengthIsTruncated(int pieceBytes) {
        byte[] whole = octets("hello world");
        for (int cut = 0; cut < whole.length; cut++) {
            Source source = source(Arrays.copyOf(whole, cut), pieceBytes);
            assertTruncated(Http1.body(source, new Framing.Length(whole.length), LIMITS, BODY_BYTES_MAX));
        }
    }

    @Test
    @DisplayName("U-7 a head that is cut anywhere is truncated")
    void aCutHeadIsTruncated() {
        String request = POST + "Content-Length: 5\r\n\r\n";
        for (int cut = 1; cut < request.length(); cut++) {
            String part = request.substring(0, cut);
            assertThrows(Truncated.class, () -> request(part));
        }
        String response = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n";
        for (int cut = 1; cut < response.length(); cut++) {
            String part = response.substring(0, cut);
            assertThrows(Truncated.class, () -> response(part));
        }
    }

    @Test
    void theContentIsTheSameHoweverTheBytesArrive() throws IOException {
        Random random = new Random(1);
        byte[] content = new byte[20_000];
        random.nextBytes(content);
        for (int round = 0; round < 200; round++) {
            byte[] message = inRandomChunks(content, random);
            Source source = source(message, 1 + random.nextInt(6000));
            RequestHead head = Http1.readRequest(source, LIMITS).orElseThrow();
            BodyStream body = Http1.body(source, head.framing(), LIMITS, BODY_BYTES_MAX);
            assertArrayEquals(content, drain(body, 1 + random.nextInt(9000)), "round " + round);
            assertTrue(body.finished());
            assertEquals("GET", Http1.readRequest(source, LIMITS).orElseThrow().method(), "round " + round);
        }
    }

    @Test
    void knowsTheEndOfABodyThatIsHereAlready() throws IOException {
        BodyStream body = chunked(source("5\r\nhello\r\n0\r\n\r\n"));
        assertEquals(5, body.read(new byte[100], 0, 100));
        assertTrue(body.finished());
        assertEquals(0, body.available());
        assertEquals(-1, body.read());
    }

    @Test
    void aBodyOfStatedLengthLeavesWhatFollows() throws IOException {
        Source source = source("hello" + GET + "\r\n");
        BodyStream body = Http1.body(source, new Framing.Length(5), LIMITS, BODY_BYTES_MAX);
        assertEquals("hello", text(body.readAllBytes()));
        assertTrue(body.finished());
        assertEquals("GET", Http1.readRequest(source, LIMITS).orElseThrow().method());
    }

    @Test
    void aBodyWithoutLengthEndsWithItsConnection() throws IOException {
        BodyStream body = Http1.body(source("hello"), new Framing.UntilClose(), LIMITS, BODY_BYTES_MAX);
        assertEquals('h', body.read());
        assertFalse(body.finished());
        assertEquals("ello", text(body.readAllBytes()));
        assertTrue(body.finished());
    }

    @Test
    void noBodyIsFinishedAtOnce() throws IOException {
        BodyStream body = Http1.body(source("hello"), new Framing.None(), LIMITS, BODY_BYTES_MAX);
        assertTrue(body.finished());
        assertEquals(-1, body.read());
    }

    // Anything.

    @Test
    @Timeout(60)
    @DisplayName("F-4 a mutated message is read or refused, and nothing else")
    void aMutatedMessageIsReadOrRefused() {
        List<byte[]> seeds =
                List.of(
                        octets(POST + "Content-Length: 11\r\nX: \u00e4\r\n\r\nhello world"),
                        octets(POST + "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n" + CHUNKED),
                        octets("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNKED),
                        octets("HTTP/1.0 200 OK\r\nContent-Length: 5\r\nX: 1\r\n\r\nhello"));
        Random random = new Random(2);
        for (int round = 0; round < 20_000; round++) {
            byte[] message = mutated(seeds.get(round % seeds.size()), random);
            int pieceBytes = 1 + random.nextInt(64);
            try {
                readAll(source(message, pieceBytes), round % seeds.size() < 2);
            } catch (Malformed | Truncated e) {
                assertNotEquals("", e.getMessage());
            } catch (IOException | RuntimeException e) {
                throw new AssertionError("round " + round + ": " + text(message), e);
            }
        }
    }

    private static void readAll(Source source, boolean requests) throws IOException {
        for (int messages = 0; messages < 100; messages++) {
            Framing framing;
            if (requests) {
                var head = Http1.readRequest(source, LIMITS);
                if (head.isEmpty()) return;
                assertWellFormed(head.get().fields());
                assertTrue(Field.isToken(head.get().method()));
                framing = head.get().framing();
            } else {
                var head = Http1.readResponse(source, LIMITS);
                if (head.isEmpty()) return;
                framing = head.get().framing("GET");
                assertWellFormed(head.get().fields());
            }
            BodyStream body = Http1.body(source, framing, LIMITS, BODY_BYTES_MAX);
            drain(body, 16);
            assertTrue(body.finished());
        }
        throw new AssertionError("a short message was read as a hundred");
    }

    private static void assertWellFormed(Fields fields) {
        assertTrue(fields.all("Content-Length").size() + fields.all("Transfer-Encoding").size() <= 1);
        for (Field field : fields) {
            assertTrue(Field.isToken(field.name()));
            assertEquals(-1, field.value().indexOf('\r'));
            assertEquals(-1, field.value().indexOf('\n'));
        }
    }

    private static byte[] mutated(byte[] seed, Random random) {
        String odd = "\r\n\t\u0000 :;,0159afx+-\u007f\u0080\u00ff";
        byte[] message = seed.clone();
        for (int changes = 1 + random.nextInt(4); changes > 0 && message.length > 0; changes--) {
            int at = random.nextInt(message.length);
            byte other = (byte) (random.nextBoolean() ? odd.charAt(random.nextInt(odd.length())) : random.nextInt(256));
            message =
                    switch (random.nextInt(5)) {
                        case 0 -> spliced(message, at, at + 1, other);
                        case 1 -> spliced(message, at, at, other);
                        case 2 -> spliced(message, at, at + 1);
                        case 3 -> Arrays.copyOf(message, at);
                        default -> spliced(message, at, at, Arrays.copyOfRange(message, at / 2, at));
                    };
        }
        return message;
    }

    private static byte[] spliced(byte[] message, int from, int to, byte... between) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(message, 0, from);
        out.writeBytes(between);
        out.write(message, to, message.length - to);
        return out.toByteArray();
    }

    private static byte[] inRandomChunks(byte[] content, Random random) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(octets(POST + "Transfer-Encoding: chunked\r\n\r\n"));
        for (int from = 0; from < content.length; ) {
            int count = Math.min(1 + random.nextInt(5000), content.length - from);
            out.writeBytes(Http1.chunkLine(count));
            out.write(content, from, count);
            out.writeBytes(octets("\r\n"));
            from += count;
        }
        out.writeBytes(Http1.lastChunk());
        out.writeBytes(octets(GET + "\r\n"));
        return out.toByteArray();
    }

    private static byte[] drain(BodyStream body, int readBytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] piece = new byte[readBytes];
        for (int count = body.read(piece, 0, readBytes); count >= 0; count = body.read(piece, 0, readBytes)) {
            out.write(piece, 0, count);
        }
        return out.toByteArray();
    }

    private static void assertTruncated(BodyStream body) {
        assertThrows(Truncated.class, () -> drain(body, 4));
        assertFalse(body.finished());
    }

    private static void assertRefused(int status, String message) {
        assertRefused(List.of(status), message);
    }

    private static void assertRefused(List<Integer> statuses, String message) {
        for (int pieceBytes : new int[] {1, 4096}) {
            Malformed malformed =
                    assertThrows(
                            Malformed.class,
                            () -> Http1.readRequest(source(octets(message), pieceBytes), LIMITS),
                            () -> "accepted: " + message);
            assertTrue(statuses.contains(malformed.status()), () -> malformed.status() + " for: " + message);
        }
    }

    private static Malformed refusal(String chunks) {
        return assertThrows(Malformed.class, () -> chunked(source(chunks)).readAllBytes(), () -> "accepted: " + chunks);
    }

    private static BodyStream chunked(Source source) {
        return Http1.body(source, new Framing.Chunked(), LIMITS, BODY_BYTES_MAX);
    }

    private static RequestHead request(String message) throws IOException {
        return Http1.readRequest(source(message), LIMITS).orElseThrow();
    }

    private static ResponseHead response(String message) throws IOException {
        return Http1.readResponse(source(message), LIMITS).orElseThrow();
    }

    private static List<Field> fields(Iterable<Field> fields) {
        List<Field> list = new ArrayList<>();
        fields.forEach(list::add);
        return list;
    }

    private static Source source(String message) {
        return source(octets(message));
    }

    private static Source source(byte[] message) {
        return source(message, Integer.MAX_VALUE);
    }

    /// Bytes that arrive in pieces of at most this size.
    private static Source source(byte[] message, int pieceBytes) {
        ByteArrayInputStream in = new ByteArrayInputStream(message);
        return new Source((into, from, length) -> in.read(into, from, Math.min(length, pieceBytes)));
    }

    private static byte[] octets(String text) {
        byte[] octets = new byte[text.length()];
        for (int i = 0; i < octets.length; i++) octets[i] = (byte) text.charAt(i);
        return octets;
    }

    private static String text(byte[] octets) {
        return new String(octets, StandardCharsets.ISO_8859_1);
    }
}
