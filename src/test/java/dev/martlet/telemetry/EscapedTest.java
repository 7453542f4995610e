package dev.martlet.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class EscapedTest {
    @Test
    void leavesPlainTextAlone() {
        String plain = "GET /v1/models?a=%2F \"x\" 'y' ~".repeat(10);
        assertSame(plain, Escaped.text(plain));
    }

    @Test
    void escapesWhatCouldForgeOrColourALine() {
        assertEquals("a\\u000ab\\u000d\\u0000", Escaped.text("a\nb\r\0"));
        assertEquals("\\u001b[31mred\\u007f\\u0009", Escaped.text("\u001b[31mred\u007f\t"));
        assertEquals("\\u2028\\u2029\\u0085\\u009b\\u202e", Escaped.text("\u2028\u2029\u0085\u009b\u202e"));
        assertEquals("\\u005cu000a", Escaped.text("\\u000a"));
    }

    @Test
    void lettersOutsideAsciiAreEscapedToo() {
        assertEquals("\\u00e4\\ud83d\\ude00", Escaped.text("\u00e4\ud83d\ude00"));
    }

    @Test
    void noCharacterPassesThatIsNotPrintableAscii() {
        for (char c = 0; c < Character.MAX_VALUE; c++) {
            assertTrue(Escaped.text(String.valueOf(c)).chars().allMatch(out -> out >= ' ' && out < 0x7F));
        }
    }

    @Test
    void cutsLongText() {
        assertEquals("a".repeat(512), Escaped.text("a".repeat(512)));
        assertEquals("a".repeat(512) + "\u2026", Escaped.text("a".repeat(1 << 20)));
    }
}
