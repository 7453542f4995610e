package dev.martlet.dialect;

import com.fasterxml.jackson.databind.JsonNode;

import dev.martlet.Dialect;
import dev.martlet.dialect.Gist.Choice;
import dev.martlet.dialect.Gist.Tokens;
import dev.martlet.dialect.Gist.ToolCall;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Reads what an answer says, without any of the code under test.
abstract class GistReading {
    private final SortedMap<Integer, Draft> drafts = new TreeMap<>();
    private Optional<Tokens> tokens = Optional.empty();

    static GistReading of(Dialect dialect) {
        return switch (dialect) {
            case OPENAI -> new OpenAiGist();
            case ANTHROPIC -> new AnthropicGist();
            case GEMINI -> new GeminiGist();
            case RESPONSES -> throw new IllegalArgumentException(dialect.word());
        };
    }

    abstract void whole(JsonNode answer);

    abstract void event(JsonNode event);

    Draft choice(int index) {
        return drafts.computeIfAbsent(index, _ -> new Draft());
    }

    void count(long input, long cached, long output, long reasoning) {
        tokens = Optional.of(new Tokens(input, cached, output, reasoning));
    }

    Gist gist() {
        SortedMap<Integer, Choice> choices = new TreeMap<>();
        drafts.forEach((index, draft) -> choices.put(index, draft.choice()));
        choices.values().removeIf(Choice::empty);
        return new Gist(choices, tokens);
    }

    /// A choice as far as it has been read.
    static final class Draft {
        final StringBuilder text = new StringBuilder();
        final StringBuilder refusal = new StringBuilder();
        final StringBuilder thinking = new StringBuilder();
        final List<String> seals = new ArrayList<>();
        final List<String> others = new ArrayList<>();
        final List<Call> calls = new ArrayList<>();
        String finish = "";

        Call call(String id, String name) {
            Call call = new Call(id, name);
            calls.add(call);
            return call;
        }

        void finish(JsonNode why) {
            if (why.isValueNode() && !why.isNull()) finish = why.asText();
        }

        private Choice choice() {
            return new Choice(
                    text.toString(),
                    refusal.toString(),
                    thinking.toString(),
                    List.copyOf(seals),
                    calls.stream().map(Call::made).toList(),
                    others.stream().sorted().toList(),
                    finish);
        }
    }

    /// A call of a tool as far as it has been read.
    static final class Call {
        private String id;
        private String name;
        private final StringBuilder arguments = new StringBuilder();

        private Call(String id, String name) {
            this.id = id;
            this.name = name;
        }

        /// Whether this goes on with it: who names another call, or brings a name without saying for which, begins one.
        boolean goesOn(String nextId, String nextName) {
            return nextId.isEmpty() ? nextName.isEmpty() || name.isEmpty() : nextId.equals(id);
        }

        void add(String nextId, String nextName, String more) {
            if (id.isEmpty()) id = nextId;
            if (name.isEmpty()) name = nextName;
            arguments.append(more);
        }

        private ToolCall made() {
            return new ToolCall(id, name, Gist.canonical(arguments.toString()));
        }
    }

    static String text(JsonNode node) {
        return node.isTextual() ? node.asText() : "";
    }
}
