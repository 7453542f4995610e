package dev.martlet.dialect;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.HashMap;
import java.util.Map;

/// Chat Completions, as OpenAI and all the others speak it.
final class OpenAiGist extends GistReading {
    /// The call that is being streamed, by choice and index.
    private final Map<String, Call> open = new HashMap<>();

    @Override
    void whole(JsonNode answer) {
        for (JsonNode choice : answer.path("choices")) {
            Draft draft = choice(choice.path("index").asInt());
            message(draft, choice.path("message"));
            for (JsonNode call : choice.path("message").path("tool_calls")) called(draft, call);
            for (String kind : new String[] {"content", "refusal"}) {
                choice.path("logprobs").path(kind).forEach(_ -> draft.others.add("logprob"));
            }
            draft.finish(choice.path("finish_reason"));
        }
        usage(answer);
    }

    @Override
    void event(JsonNode event) {
        for (JsonNode choice : event.path("choices")) {
            int index = choice.path("index").asInt();
            Draft draft = choice(index);
            message(draft, choice.path("delta"));
            for (JsonNode call : choice.path("delta").path("tool_calls")) delta(draft, index, call);
            for (String kind : new String[] {"content", "refusal"}) {
                choice.path("logprobs").path(kind).forEach(_ -> draft.others.add("logprob"));
            }
            draft.finish(choice.path("finish_reason"));
        }
        usage(event);
    }

    private static void message(Draft draft, JsonNode message) {
        JsonNode content = message.path("content");
        draft.text.append(content.isObject() ? content.toString() : text(content));
        for (JsonNode part : content.isArray() ? content : content.path("")) part(draft, part);
        draft.refusal.append(text(message.path("refusal")));
        String thinking = text(message.path("reasoning_content"));
        draft.thinking.append(thinking.isEmpty() ? text(message.path("reasoning")) : thinking);
        JsonNode old = message.path("function_call");
        if (old.isObject()) {
            if (draft.calls.isEmpty()) draft.call("", "");
            draft.calls.getFirst().add("", text(old.path("name")), text(old.path("arguments")));
        }
        for (String kind : new String[] {"audio", "images"}) {
            if (!message.path(kind).isEmpty()) draft.others.add(kind);
        }
        message.path("annotations").forEach(_ -> draft.others.add("annotation"));
    }

    /// Mistral's parts.
    private static void part(Draft draft, JsonNode part) {
        switch (text(part.path("type"))) {
            case "text" -> draft.text.append(text(part.path("text")));
            case "thinking" -> part.path("thinking").forEach(piece -> draft.thinking.append(text(piece.path("text"))));
            default -> draft.others.add(text(part.path("type")));
        }
    }

    private static void called(Draft draft, JsonNode call) {
        draft.call(text(call.path("id")), "").add("", name(call), arguments(call));
    }

    private void delta(Draft draft, int choice, JsonNode call) {
        String key = choice + "/" + call.path("index").asInt(call.has("index") ? 0 : -1);
        String id = text(call.path("id"));
        Call begun = open.get(key);
        if (begun == null || !begun.goesOn(id, name(call))) {
            begun = draft.call("", "");
            open.put(key, begun);
        }
        begun.add(id, name(call), arguments(call));
    }

    private static String name(JsonNode call) {
        return text(call.has("custom") ? call.path("custom").path("name") : call.path("function").path("name"));
    }

    private static String arguments(JsonNode call) {
        JsonNode arguments = call.path("function").path("arguments");
        if (call.has("custom")) return text(call.path("custom").path("input"));
        return arguments.isObject() ? arguments.toString() : text(arguments);
    }

    private void usage(JsonNode answer) {
        JsonNode usage = answer.path("usage").isObject() ? answer.path("usage") : answer.path("x_groq").path("usage");
        if (!usage.isObject()) return;
        long input = usage.path("prompt_tokens").asLong();
        long said = usage.path("completion_tokens").asLong();
        long reasoning = usage.path("completion_tokens_details").path("reasoning_tokens").asLong();
        // xAI counts it beside the output, Mistral sound beside the input, as the sum shows.
        long rest = Math.max(0, usage.path("total_tokens").asLong() - input - said);
        long audio = usage.path("prompt_tokens_details").path("audio_tokens").asLong();
        long sound = rest != reasoning && (rest == audio || rest == audio + reasoning) ? audio : 0;
        JsonNode hit = usage.path("prompt_cache_hit_tokens"); // DeepSeek
        long other = (hit.isNumber() ? hit : usage.path("num_cached_tokens")).asLong(); // Mistral
        JsonNode cached = usage.path("prompt_tokens_details").path("cached_tokens");
        count(
                input + sound,
                cached.isNumber() ? cached.asLong() : Math.min(other, input),
                said + rest - sound,
                reasoning);
    }
}
