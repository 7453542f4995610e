package dev.martlet.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The messages of the hub as a provider takes them that knows OpenAI's words only. Files in the results of tools, which have
/// to be text there, come in a message of the user behind them.
final class OpenAiConversation {
    private static final String SEE_BELOW = "See the files in the next message.";

    private final Losses losses;
    private final ArrayNode messages = JsonNodeFactory.instance.arrayNode();
    private final List<ObjectNode> files = new ArrayList<>();

    OpenAiConversation(Losses losses) {
        this.losses = losses;
    }

    ArrayNode messages(Given hub) {
        for (Given message : hub.list()) add(message);
        addFiles();
        return messages;
    }

    private void add(Given given) {
        boolean tool = given.at("role").says("tool");
        if (!tool) addFiles();
        ObjectNode message = given.object().deepCopy();
        for (String name : List.of("cache_control", "reasoning_content")) {
            if (message.remove(name) != null) losses.drop(given.at(name).path());
        }
        leaveOutExtra(given, message);
        for (Given call : given.at("tool_calls").list())
            leaveOutExtra(call, (ObjectNode) message.path("tool_calls").get(index(call)));
        if (given.at("content").value().isArray()) setContent(given, message, tool);
        messages.add(message);
    }

    private static int index(Given element) {
        String path = element.path();
        return Integer.parseInt(path, path.lastIndexOf('[') + 1, path.length() - 1, 10);
    }

    private void leaveOutExtra(Given given, ObjectNode from) {
        from.remove(List.of("extra_content", "cache_control"));
        for (Given owner : given.at("extra_content").members()) {
            for (Given field : owner.members()) losses.drop(field.path());
        }
    }

    private void setContent(Given given, ObjectNode message, boolean tool) {
        List<ObjectNode> parts = new ArrayList<>();
        for (Given part : given.at("content").list()) {
            ObjectNode target = part(part);
            boolean text = target.path("type").asText().equals("text");
            if (tool && !text) files.add(target);
            else parts.add(target);
        }
        if (tool && parts.isEmpty()) message.put("content", SEE_BELOW);
        else AnthropicMessagesToHub.setContent(message, parts);
    }

    private ObjectNode part(Given part) {
        Optional<Media> media = Media.in(part);
        if (media.isPresent()) check(part, media.get());
        Optional<String> text = media.flatMap(Media::text);
        if (text.isPresent()) return JsonNodeFactory.instance.objectNode().put("type", "text").put("text", text.get());
        ObjectNode target = part.object().deepCopy();
        if (target.remove("cache_control") != null) losses.drop(part.at("cache_control").path());
        return target;
    }

    private void check(Given part, Media media) {
        switch (media.kind()) {
            case VIDEO -> throw losses.refused(part.path(), "Chat Completions takes no films");
            case AUDIO -> {
                JsonNode format = media.part().path("input_audio").path("format");
                if (!format.asText().equals("wav") && !format.asText().equals("mp3")) {
                    throw losses.refused(
                            part.path(), "Chat Completions takes sounds as WAV and MP3 in the message only");
                }
            }
            case IMAGE, DOCUMENT -> {}
        }
    }

    private void addFiles() {
        if (files.isEmpty()) return;
        messages.addObject().put("role", "user").putArray("content").addAll(files);
        files.clear();
    }
}
