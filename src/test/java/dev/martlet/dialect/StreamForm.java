package dev.martlet.dialect;

import com.fasterxml.jackson.databind.JsonNode;

import dev.martlet.Dialect;
import dev.martlet.wire.SseEvent;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What a stream must be as a whole, which no schema of its events says: what comes first, what once, what last.
abstract class StreamForm {
    private Optional<String> fault = Optional.empty();

    /// What is wrong with a stream that came to its end.
    static Optional<String> fault(Dialect dialect, List<SseEvent> events) {
        StreamForm form =
                switch (dialect) {
                    case OPENAI -> new OpenAi();
                    case ANTHROPIC -> new Anthropic();
                    case GEMINI -> new Gemini();
                    case RESPONSES -> throw new IllegalArgumentException(dialect.word());
                };
        for (SseEvent event : events) {
            if (event.says("[DONE]")) form.done();
            Exchange.data(List.of(event)).forEach(data -> form.next(event.name(), data));
        }
        form.end();
        return form.fault;
    }

    abstract void next(String name, JsonNode data);

    abstract void done();

    abstract void end();

    void expect(boolean holds, String otherwise) {
        if (!holds && fault.isEmpty()) fault = Optional.of(otherwise);
    }

    /// One answer, named in each chunk; the role first, the reason last; then the count; then `[DONE]`.
    private static final class OpenAi extends StreamForm {
        private final Set<String> names = new HashSet<>();
        private final Set<Integer> begun = new HashSet<>();
        private final Set<Integer> finished = new HashSet<>();
        private final Set<String> calls = new HashSet<>();
        private boolean counted;
        private boolean done;

        @Override
        void next(String name, JsonNode data) {
            expect(name.isEmpty(), "an event is called " + name);
            expect(!done, "something comes after [DONE]");
            expect(!counted, "something comes after the count");
            names.add(data.path("id") + " " + data.path("created") + " " + data.path("model"));
            expect(names.size() == 1, "chunks are of different answers: " + names);
            data.path("choices").forEach(this::choice);
            counted = data.path("usage").isObject() && data.path("choices").isEmpty();
        }

        private void choice(JsonNode choice) {
            int index = choice.path("index").asInt();
            boolean first = begun.add(index);
            expect(choice.path("delta").has("role") == first, "the role is not in the first chunk of a choice alone");
            expect(!finished.contains(index), "a choice goes on after its end");
            choice.path("delta").path("tool_calls").forEach(call -> call(index, call));
            if (choice.hasNonNull("finish_reason")) finished.add(index);
        }

        private void call(int choice, JsonNode call) {
            int index = call.path("index").asInt();
            boolean named = call.hasNonNull("id") && call.path("function").hasNonNull("name");
            boolean first = calls.add(choice + "/" + index);
            expect(named == first, "a call is not named where it begins alone: " + call);
            expect(
                    !first || index == 0 || calls.contains(choice + "/" + (index - 1)),
                    "a call has no predecessor: " + call);
        }

        @Override
        void done() {
            done = true;
        }

        @Override
        void end() {
            expect(done, "no [DONE]");
            expect(finished.equals(begun), "choices " + begun + " began, " + finished + " ended");
        }
    }

    /// The message, its blocks one after the other, its end; each event called what it is.
    private static final class Anthropic extends StreamForm {
        private static final Set<String> PIECES =
                Set.of(
                        "text text_delta",
                        "text citations_delta",
                        "thinking thinking_delta",
                        "thinking signature_delta",
                        "tool_use input_json_delta",
                        "server_tool_use input_json_delta");

        private String last = "";
        private String block = "";
        private int blocks;

        @Override
        void next(String name, JsonNode data) {
            String type = data.path("type").asText();
            expect(name.equals(type), "the event " + type + " is called " + name);
            if (type.equals("ping")) return;
            switch (type) {
                case "message_start" -> {
                    expect(last.isEmpty(), "message_start comes after " + last);
                    expect(data.path("message").path("content").isEmpty(), "message_start has content");
                }
                case "content_block_start" -> {
                    expect(block.isEmpty(), "a block begins in another");
                    expect(
                            data.path("index").asInt() == blocks,
                            "block " + blocks + " is called " + data.path("index"));
                    block = data.path("content_block").path("type").asText();
                }
                case "content_block_delta" -> piece(data);
                case "content_block_stop" -> {
                    expect(!block.isEmpty(), "a block ends that did not begin");
                    block = "";
                    blocks++;
                }
                case "message_delta" -> expect(block.isEmpty(), "the message ends in a block");
                case "message_stop" -> expect(last.equals("message_delta"), "message_stop comes after " + last);
                default -> expect(false, "an event " + type);
            }
            expect(type.equals("message_start") || !last.isEmpty(), type + " comes first");
            expect(!last.equals("message_stop"), type + " comes after message_stop");
            expect(!last.equals("message_delta") || type.equals("message_stop"), type + " comes after message_delta");
            last = type;
        }

        private void piece(JsonNode data) {
            String piece = data.path("delta").path("type").asText();
            expect(PIECES.contains(block + " " + piece), piece + " in a block of " + block);
            expect(data.path("index").asInt() == blocks, "a piece of block " + data.path("index") + " in " + blocks);
        }

        @Override
        void done() {
            expect(false, "[DONE]");
        }

        @Override
        void end() {
            expect(last.equals("message_stop"), "the last event is " + last);
        }
    }

    /// No names; the reason once for each candidate, after all that it says.
    private static final class Gemini extends StreamForm {
        private final Set<Integer> begun = new HashSet<>();
        private final Set<Integer> finished = new HashSet<>();

        @Override
        void next(String name, JsonNode data) {
            expect(name.isEmpty(), "an event is called " + name);
            for (JsonNode candidate : data.path("candidates")) {
                int index = candidate.path("index").asInt();
                begun.add(index);
                expect(!finished.contains(index) || !candidate.path("content").has("parts"), "goes on after its end");
                if (candidate.hasNonNull("finishReason")) finished.add(index);
            }
        }

        @Override
        void done() {
            expect(false, "[DONE]");
        }

        @Override
        void end() {
            expect(finished.equals(begun), "candidates " + begun + " began, " + finished + " ended");
        }
    }
}
