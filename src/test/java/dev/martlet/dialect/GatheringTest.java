package dev.martlet.dialect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.martlet.Dialect;
import dev.martlet.wire.JsonTree;
import dev.martlet.wire.SseEvent;
import dev.martlet.wire.SseReader;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

@DisplayName("A stream that becomes one answer")
class GatheringTest {
    @ParameterizedTest
    @EnumSource(names = {"OPENAI", "ANTHROPIC", "GEMINI"})
    @DisplayName("is the same whether or not it was looked at on the way")
    void canBeLookedAt(Dialect dialect) throws IOException {
        List<Exchange> streams =
                Exchange.chats().stream().filter(one -> one.dialect() == dialect && one.streams()).toList();
        assertTrue(streams.size() >= 5, streams.size() + " streams");
        for (Exchange stream : streams) {
            List<SseEvent> events = events(stream.bytes());
            assertEquals(collected(dialect, events, false), collected(dialect, events, true), stream::id);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENAI", "ANTHROPIC", "GEMINI"})
    @DisplayName("is measured, also when all its events are of one size")
    void isMeasured(Dialect dialect) throws IOException, Garbled {
        Gathering gathering = Translation.between(dialect, dialect).gathering();
        String begin =
                """
                data: {"type":"message_start","message":{}}

                data: {"type":"content_block_start","index":0,"content_block":{"type":"text"}}

                """;
        String text = "x".repeat(10_000);
        String event =
                switch (dialect) {
                    case OPENAI -> "{\"choices\":[{\"delta\":{\"content\":\"" + text + "\"}}]}";
                    case ANTHROPIC ->
                            "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"text\":\"" + text + "\"}}";
                    default -> "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"" + text + "\"}]}}]}";
                };
        if (dialect == Dialect.ANTHROPIC) for (SseEvent one : events(begin.getBytes(UTF_8))) gathering.add(one);
        SseEvent one = events(("data: " + event + "\n\n").getBytes(UTF_8)).getFirst();
        for (int i = 0; i < 20; i++) gathering.add(one);
        assertFalse(gathering.mayHaveGrown());
        for (int i = 0; i < 20; i++) gathering.add(one);
        assertTrue(gathering.mayHaveGrown());
        assertTrue(gathering.whole().length > 400_000);
        assertFalse(gathering.mayHaveGrown());
        for (int i = 0; i < 60; i++) gathering.add(one);
        assertTrue(gathering.mayHaveGrown());
    }

    /// How it came out, or why nothing did.
    private static String collected(Dialect dialect, List<SseEvent> events, boolean lookedAt) {
        Collect collect = Idiom.of(dialect).collect();
        for (SseEvent event : events) {
            try {
                Optional<Event> read = Event.read(event);
                if (read.isPresent()) collect.add(read.get());
            } catch (Garbled garbled) {
                return String.valueOf(garbled.getMessage());
            }
            if (lookedAt) whole(collect);
        }
        return whole(collect);
    }

    private static String whole(Collect collect) {
        try {
            return new String(JsonTree.write(collect.whole()), UTF_8);
        } catch (Garbled garbled) {
            return String.valueOf(garbled.getMessage());
        }
    }

    private static List<SseEvent> events(byte[] stream) throws IOException {
        SseReader reader = new SseReader(new ByteArrayInputStream(stream)::read);
        List<SseEvent> events = new ArrayList<>();
        for (Optional<SseEvent> event = reader.next(); event.isPresent(); event = reader.next())
            events.add(event.get());
        return events;
    }
}
