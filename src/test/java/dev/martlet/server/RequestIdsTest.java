package dev.martlet.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.martlet.Fields;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestIdsTest {
    @ParameterizedTest
    @ValueSource(strings = {"a", "req_1.2:3-4", "0af7651916cd43dd8448eb211c80319c", "A"})
    void keepsASaneId(String id) {
        assertEquals(id, RequestIds.of(Fields.of("X-Request-ID", id)));
        assertEquals(id, RequestIds.of(Fields.of("x-correlation-id", id)));
        assertEquals(id, RequestIds.of(Fields.of("x-trace-id", id)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a b",
                "-a",
                "_a",
                "a,b",
                "a\tb",
                "a\"b",
                "a/b",
                "a=b",
                "<b>",
                "\u00e4",
                "%0a",
                "${jndi:x}",
                "sk-proj-abc",
                "sk-mt-abc",
                "a.sk-mt-abc",
                "gsk_abc",
                "AIzaSyA-abc"
            })
    void replacesAnyOther(String id) {
        assertNew(RequestIds.of(Fields.of("x-request-id", id)));
    }

    @Test
    void aLongIdIsReplaced() {
        String longest = "a".repeat(128);
        assertEquals(longest, RequestIds.of(Fields.of("x-request-id", longest)));
        assertNew(RequestIds.of(Fields.of("x-request-id", longest + "a")));
        assertNew(RequestIds.of(Fields.of("x-request-id", "a".repeat(10 << 10))));
    }

    @Test
    void anIdCannotHoldALineEnd() {
        assertThrows(IllegalArgumentException.class, () -> Fields.of("x-request-id", "a\nb"));
        assertThrows(IllegalArgumentException.class, () -> Fields.of("x-request-id", "a\r"));
    }

    @Test
    void theFirstSaneOneOfTheThreeCounts() {
        Fields fields = Fields.of("x-trace-id", "c", "x-correlation-id", "b", "x-request-id", "not sane");
        assertEquals("b", RequestIds.of(fields));
    }

    @Test
    void newIdsDiffer() {
        assertNew(RequestIds.of(Fields.NONE));
        assertNotEquals(RequestIds.of(Fields.NONE), RequestIds.of(Fields.NONE));
    }

    private static void assertNew(String id) {
        assertTrue(id.matches("[0-9a-f]{32}"), id);
    }
}
