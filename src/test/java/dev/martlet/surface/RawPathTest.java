package dev.martlet.surface;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.martlet.Refused;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RawPathTest {
    @ParameterizedTest
    @DisplayName("C-16 a path that one server takes for a way up and another for a name")
    @ValueSource(
            strings = {
                "/gateway/openai/../admin",
                "/..",
                "/../",
                "/.",
                "/./",
                "/a/.",
                "/a/./b",
                "/a/%2e%2e/b",
                "/a/%25/%252e%252e",
                "/a/%25/..%252fb",
                "/a/%25/b%255cc",
                "/a/%2E%2e/",
                "/a/.%2e/b",
                "/a/..%2fb",
                "/a%2f..%2fb",
                "/a/%252e%252e/b",
                "/a/..%252fb",
                "/a%252f..",
                "/a/%2e",
                "/a/..;x=1/b",
                "/a/..;/b",
                "/a/.;x/b",
                "/a;..",
                "/a/%2e%2e;x=1",
                "/a/..%3bx",
                "/a\\b",
                "/a\\..\\b",
                "/a%5cb",
                "/a%5Cb",
                "/a%255cb",
                "/a%00b",
                "/%00",
                "/a%2500b"
            })
    void refusesWaysUp(String path) {
        Refused refused = assertThrows(Refused.class, () -> RawPath.check(path), () -> "accepted: " + path);
        assertEquals(400, refused.why().status());
        assertFalse(refused.why().message().contains(path));
    }

    @ParameterizedTest
    @DisplayName("C-16 a broken percent escape")
    @ValueSource(strings = {"/%", "/%2", "/%zz", "/%-1", "/%+1", "/a%u002e"})
    void refusesBrokenEscapes(String path) {
        assertEquals(400, assertThrows(Refused.class, () -> RawPath.check(path)).why().status());
    }

    @ParameterizedTest
    @DisplayName("C-16 a path that only looks odd")
    @ValueSource(
            strings = {
                "/",
                "/v1/models",
                "/v1/a.b",
                "/v1/a..b",
                "/...",
                "/v1/..a",
                "/v1/a.",
                "/v1/a;x=1",
                "/v1/100%25",
                "/v1/a%2525b",
                "//v1//a",
                "/a%20b",
                "/a+b",
                "/v1/models/gpt-4o:beta",
                "/v1beta/models/x:generateContent",
                "/a%2Fb",
                "/%C3%A4",
                "*",
                "/~a/@b/$c,d='e'(f)!"
            })
    void takesOtherPaths(String path) {
        assertDoesNotThrow(() -> RawPath.check(path));
    }
}
