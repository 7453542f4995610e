package dev.martlet.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The messages of the hub as a provider takes them that knows OpenAI's words only. Files in the results of tools, which have
/// to be text there, come in a message of the user behind them.
final class OpenAiConversation {
    private static final String SEE_BELOW = "See the files in the next message.";

    private final OpenAiModel model;
    private final Losses losses;
    private final ArrayNode messages = JsonNodeFactory.instance.arrayNode();
    private final List<ObjectNode> files = new ArrayList<>();
    private final Set<String> unanswered = new LinkedHashSet<>();

    OpenAiConversation(OpenAiModel model, Losses losses) {
        this.model = model;
        this.losses = losses;
    }

    ArrayNode messages(Given hub) {
        for (Given message : hub.list()) add(message);
        answerAll();
        addFiles();
        return messages;
    }

    private void add(Given given) {
        boolean tool = given.at("role").says("tool");
        if (tool) {
            given.at("tool_call_id").text().ifPresent(unanswered::remove);
        } else {
            answerAll();
            addFiles();
        }
        ObjectNode message = plain(given);
        if (given.at("tool_calls").isPresent()) {
            ArrayNode calls = message.putArray("tool_calls");
            for (Given call : given.at("tool_calls").list()) {
                calls.add(plain(call));
                call.at("id").text().ifPresent(unanswered::add);
            }
        }
        if (given.at("content").value().isArray()) setContent(given.at("content"), message, tool);
        messages.add(message);
    }

    /// A message or a call without what OpenAI has no word for.
    private ObjectNode plain(Given given) {
        ObjectNode copy = JsonNodeFactory.instance.objectNode().setAll(given.object());
        OpenAiMessages.dropForeign(given, "openai", losses);
        Given failed = given.at("extra_content").at("anthropic").at("is_error");
        if (failed.isTrue()) losses.drop(failed.path());
        for (String name : List.of("reasoning_content", HubContent.CACHE_CONTROL)) {
            if (given.at(name).asksForSomething()) losses.drop(given.at(name).path());
            copy.remove(name);
        }
        copy.remove("extra_content");
        return copy;
    }

    private void setContent(Given content, ObjectNode message, boolean tool) {
        List<ObjectNode> parts = new ArrayList<>();
        for (Given part : content.list()) {
            ObjectNode target = part(part);
            boolean text = target.path("type").asText().equals("text");
            if (tool && !text) files.add(target);
            else parts.add(target);
        }
        if (tool && parts.isEmpty() && !files.isEmpty()) message.put("content", SEE_BELOW);
        else HubContent.set(message, parts);
    }

    private ObjectNode part(Given part) {
        Optional<Media> media = Media.in(part);
        if (media.isPresent()) check(part, media.get());
        Optional<String> text = media.flatMap(Media::text);
        if (text.isPresent()) media.get().dropName(part, losses);
        ObjectNode target = text.map(HubContent::text).orElseGet(() -> part.object().deepCopy());
        target.remove(HubContent.CACHE_CONTROL);
        Given control = part.at(HubContent.CACHE_CONTROL);
        if (control.isPresent() && model.marksPrefixes()) {
            target.putObject("prompt_cache_breakpoint").put("mode", "explicit");
        } else if (control.isPresent()) {
            losses.drop(control.path());
        }
        return target;
    }

    private void check(Given part, Media media) {
        switch (media.kind()) {
            case VIDEO -> throw losses.refused(part.path(), "Chat Completions takes no films");
            case AUDIO -> {
                JsonNode format = media.part().path("input_audio").path("format");
                if (!format.asText().equals("wav") && !format.asText().equals("mp3")) {
                    throw losses.refused(part.path(), "Chat Completions takes sounds as WAV or MP3 in the message");
                }
            }
            case IMAGE, DOCUMENT -> {}
        }
    }

    /// OpenAI wants a result of each call behind it; others let a conversation go on without.
    private void answerAll() {
        for (String id : unanswered) {
            messages.addObject().put("role", "tool").put("tool_call_id", id).put("content", "");
        }
        unanswered.clear();
    }

    private void addFiles() {
        if (files.isEmpty()) return;
        messages.addObject().put("role", "user").putArray("content").addAll(files);
        files.clear();
    }
}
