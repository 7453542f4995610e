package dev.martlet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

class RefusalTest {
    /// The words are labels of a metric: who renames a record renames what dashboards look for.
    @Test
    void hasAWordForEachKind() {
        assertEquals("all_failed", new Refusal.AllFailed(List.of(), List.of(), Optional.empty()).word());
        assertEquals("body_too_large", new Refusal.BodyTooLarge(1).word());
        assertEquals("not_set_up", new Refusal.NotSetUp("").word());
        List<String> words = Arrays.stream(Refusal.class.getPermittedSubclasses()).map(Refusal::word).toList();
        assertEquals(words.size(), words.stream().distinct().count());
        assertTrue(words.stream().allMatch(word -> word.matches("[a-z]+(_[a-z]+)*")), words.toString());
    }
}
