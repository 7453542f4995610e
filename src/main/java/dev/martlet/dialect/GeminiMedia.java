package dev.martlet.dialect;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.Optional;
import java.util.Set;

/// Images, sounds, films and documents, there and back.
final class GeminiMedia {
    /// ai.google.dev, "Image understanding".
    private static final Set<String> IMAGES =
            Set.of("image/png", "image/jpeg", "image/webp", "image/heic", "image/heif");

    private GeminiMedia() {}

    /// The file in a part; empty when there is none.
    static Optional<Media> in(Given part) {
        Given inline = part.at("inlineData");
        if (inline.isPresent()) {
            String type = inline.at("mimeType").text().orElse("application/octet-stream");
            return Optional.of(Media.inline(type, inline.at("data").required(), inline.at("displayName").text()));
        }
        Given linked = part.at("fileData");
        if (linked.isAbsent()) return Optional.empty();
        Optional<String> type = linked.at("mimeType").text();
        Media.Kind kind = type.map(Media.Kind::of).orElse(Media.Kind.DOCUMENT);
        return Optional.of(Media.linked(kind, type, linked.at("fileUri").required(), linked.at("displayName").text()));
    }

    /// The part for a part of the hub.
    static ObjectNode part(Given part, Media media, Losses losses) {
        String type = media.type().orElse(usual(media.kind()));
        boolean readable = media.kind() != Media.Kind.IMAGE || IMAGES.contains(type);
        if (!readable)
            throw losses.refused(part.path(), "Google reads PNG, JPEG, WebP, HEIC and HEIF, but not " + type);
        ObjectNode target = JsonNodeFactory.instance.objectNode();
        switch (media.source()) {
            case Media.Source.Inline(String data) ->
                    target.putObject("inlineData").put("mimeType", type).put("data", data);
            case Media.Source.Link(String url) ->
                    target.putObject("fileData").put("mimeType", type).put("fileUri", url);
            case Media.Source.Kept(String id) -> {
                if (id.indexOf('/') < 0) throw losses.refused(part.path(), "Google's files have addresses, files/...");
                target.putObject("fileData").put("fileUri", id);
            }
        }
        media.dropDetail(part, losses);
        media.dropName(part, losses);
        return target;
    }

    /// Google wants a type, and the address does not always say one.
    private static String usual(Media.Kind kind) {
        return switch (kind) {
            case IMAGE -> "image/jpeg";
            case AUDIO -> "audio/mpeg";
            case VIDEO -> "video/mp4";
            case DOCUMENT -> Media.PDF;
        };
    }
}
