package dev.martlet.dialect;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// Images and documents, there and back.
final class AnthropicMedia {
    private AnthropicMedia() {}

    /// The parts of the hub for a block; several for a document that is made of blocks.
    static List<ObjectNode> parts(Given block, Losses losses) {
        for (String helpful : List.of("citations", "context", "transformations")) {
            if (block.at(helpful).isPresent()) losses.drop(block.at(helpful).path());
        }
        Given source = block.at("source");
        if (source.at("type").says("content")) return nested(source.at("content"), losses);
        ObjectNode part = media(block, source).part();
        HubContent.keepCaching(block, part);
        return List.of(part);
    }

    private static List<ObjectNode> nested(Given content, Losses losses) {
        List<ObjectNode> parts = new ArrayList<>();
        for (Given block : AnthropicMessagesToHub.blocks(content)) {
            if (block.at("type").says("text")) parts.add(AnthropicMessagesToHub.textPart(block));
            else parts.addAll(parts(block, losses));
        }
        return parts;
    }

    private static Media media(Given block, Given source) {
        Media.Kind kind = block.at("type").says("image") ? Media.Kind.IMAGE : Media.Kind.DOCUMENT;
        Optional<String> title = block.at("title").text();
        return switch (source.at("type").text().orElse("")) {
            case "base64" -> Media.inline(source.at("media_type").required(), source.at("data").required(), title);
            case "text" -> Media.inline("text/plain", encoded(source.at("data").required()), title);
            case "url" -> Media.linked(kind, Optional.empty(), source.at("url").required(), title);
            case "file" -> Media.kept(kind, source.at("file_id").required());
            default -> throw source.at("type").wrong("base64, content, file, text or url");
        };
    }

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /// The block for a part of the hub.
    static ObjectNode block(Given part, Media media, Losses losses) {
        media.dropDetail(part, losses);
        ObjectNode block = JsonNodeFactory.instance.objectNode();
        switch (media.kind()) {
            case IMAGE -> block.put("type", "image");
            case DOCUMENT -> block.put("type", "document");
            case AUDIO -> throw losses.refused(part.path(), "Anthropic's models do not hear");
            case VIDEO -> throw losses.refused(part.path(), "Anthropic's models do not see films");
        }
        block.set("source", source(part, media, losses));
        if (media.kind() == Media.Kind.DOCUMENT) media.name().ifPresent(name -> block.put("title", name));
        return block;
    }

    private static ObjectNode source(Given part, Media media, Losses losses) {
        ObjectNode source = JsonNodeFactory.instance.objectNode();
        return switch (media.source()) {
            case Media.Source.Link(String url) -> source.put("type", "url").put("url", url);
            case Media.Source.Kept(String id) -> source.put("type", "file").put("file_id", id);
            case Media.Source.Inline(String data) -> {
                Optional<String> text = media.text();
                if (text.isPresent()) {
                    yield source.put("type", "text").put("media_type", "text/plain").put("data", text.get());
                }
                yield source.put("type", "base64").put("media_type", type(part, media, losses)).put("data", data);
            }
        };
    }

    private static String type(Given part, Media media, Losses losses) {
        String type = media.type().orElse(Media.PDF);
        return switch (type) {
            case "image/png", "image/jpeg", "image/gif", "image/webp", Media.PDF -> type;
            default ->
                    throw losses.refused(
                            part.path(), "Anthropic reads PNG, JPEG, GIF, WebP, PDF and plain text, but not " + type);
        };
    }
}
