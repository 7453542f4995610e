package dev.martlet.dialect;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// A file in a conversation.
///
/// @param type media type, when it is known
/// @param name that the caller gave it
record Media(Kind kind, Optional<String> type, Source source, Optional<String> name) {
    enum Kind {
        IMAGE,
        AUDIO,
        VIDEO,
        DOCUMENT;

        static Kind of(String type) {
            if (type.startsWith("image/")) return IMAGE;
            if (type.startsWith("audio/")) return AUDIO;
            return type.startsWith("video/") ? VIDEO : DOCUMENT;
        }
    }

    /// Where its content is. Nobody here ever fetches it.
    sealed interface Source {
        record Inline(String base64) implements Source {}

        record Link(String url) implements Source {}

        /// At the provider, which gave it this name.
        record Kept(String id) implements Source {}
    }

    static final String PDF = "application/pdf";
    private static final String DATA = "data:";

    /// `RIFF` in base64, with which WAV and WebP begin.
    private static final String RIFF = "UklGR";

    private static final Map<String, String> TYPES =
            Map.ofEntries(
                    Map.entry("png", "image/png"),
                    Map.entry("jpg", "image/jpeg"),
                    Map.entry("jpeg", "image/jpeg"),
                    Map.entry("gif", "image/gif"),
                    Map.entry("webp", "image/webp"),
                    Map.entry("heic", "image/heic"),
                    Map.entry("heif", "image/heif"),
                    Map.entry("pdf", PDF),
                    Map.entry("txt", "text/plain"),
                    Map.entry("md", "text/markdown"),
                    Map.entry("csv", "text/csv"),
                    Map.entry("html", "text/html"),
                    Map.entry("mp3", "audio/mpeg"),
                    Map.entry("wav", "audio/wav"),
                    Map.entry("mp4", "video/mp4"),
                    Map.entry("webm", "video/webm"));

    /// @param type as it is called; `image/jpg`, which is none, counts as `image/jpeg`
    static Media inline(String type, String base64, Optional<String> name) {
        Kind kind = Kind.of(type);
        String called = type.equals("image/jpg") ? "image/jpeg" : type;
        Optional<String> known = kind == Kind.IMAGE ? seen(base64).or(() -> Optional.of(called)) : Optional.of(called);
        return new Media(kind, known, new Source.Inline(base64), name);
    }

    /// What an image is by its first bytes: OpenAI goes by them, and others refuse one that is called otherwise.
    private static Optional<String> seen(String base64) {
        if (base64.startsWith("iVBORw0KGgo")) return Optional.of("image/png");
        if (base64.startsWith("/9j/")) return Optional.of("image/jpeg");
        if (base64.startsWith("R0lGOD")) return Optional.of("image/gif");
        return base64.startsWith(RIFF) ? Optional.of("image/webp") : Optional.empty();
    }

    /// @param kind  when neither the type nor the address says what it is
    static Media linked(Kind kind, Optional<String> type, String url, Optional<String> name) {
        Optional<String> known = type.or(() -> typeOf(url));
        return new Media(
                known.map(Kind::of).filter(found -> found != Kind.DOCUMENT).orElse(kind),
                known,
                new Source.Link(url),
                name);
    }

    static Media kept(Kind kind, String id) {
        return new Media(kind, Optional.empty(), new Source.Kept(id), Optional.empty());
    }

    /// The file in a part of a message of the hub; empty when the part is something else.
    static Optional<Media> in(Given part) {
        return switch (part.at("type").text().orElse("")) {
            case "image_url" -> Optional.of(ofAddress(Kind.IMAGE, address(part.at("image_url")), Optional.empty()));
            case "video_url" -> Optional.of(ofAddress(Kind.VIDEO, address(part.at("video_url")), Optional.empty()));
            case "document_url" ->
                    Optional.of(ofAddress(Kind.DOCUMENT, address(part.at("document_url")), Optional.empty()));
            case "input_audio" -> Optional.of(ofAudio(part.at("input_audio")));
            case "file" -> Optional.of(ofFile(part.at("file")));
            default -> Optional.empty();
        };
    }

    private static Given address(Given field) {
        return field.isText() ? field : field.at("url");
    }

    private static Media ofAddress(Kind kind, Given address, Optional<String> name) {
        String url = address.required();
        if (!url.regionMatches(true, 0, DATA, 0, DATA.length())) {
            if (url.indexOf(':') < 0) throw address.wrong("a URL, or a data URL");
            return linked(kind, Optional.empty(), url, name);
        }
        int comma = url.indexOf(',');
        if (comma < 0 || !url.substring(0, comma).toLowerCase(Locale.ROOT).endsWith(";base64")) {
            throw address.wrong("a data URL in base64");
        }
        String head = url.substring(DATA.length(), comma).toLowerCase(Locale.ROOT);
        String type = head.substring(0, head.indexOf(';'));
        return inline(type.isEmpty() ? fallback(kind) : type, url.substring(comma + 1), name);
    }

    private static String fallback(Kind kind) {
        return kind == Kind.IMAGE ? "image/png" : "text/plain";
    }

    /// Mistral has the sound itself, or its address, where others say its format too.
    private static Media ofAudio(Given audio) {
        if (audio.isText()) {
            String sound = audio.required();
            if (sound.indexOf(':') >= 0) return ofAddress(Kind.AUDIO, audio, Optional.empty());
            return inline(sound.startsWith(RIFF) ? "audio/wav" : "audio/mpeg", sound, Optional.empty());
        }
        String format = audio.at("format").text().orElse("wav");
        return inline(
                "audio/" + (format.equals("mp3") ? "mpeg" : format), audio.at("data").required(), Optional.empty());
    }

    private static Media ofFile(Given file) {
        Optional<String> name = file.at("filename").text();
        Optional<String> id = file.at("file_id").text();
        if (id.isPresent()) return kept(Kind.DOCUMENT, id.get());
        Given data = file.at("file_data");
        if (data.required().indexOf(':') >= 0) return ofAddress(Kind.DOCUMENT, data, name);
        return inline(name.flatMap(Media::typeOf).orElse(PDF), data.required(), name);
    }

    /// Empty when the end of the name says nothing.
    private static Optional<String> typeOf(String name) {
        String path = name.replaceFirst("[?#].*", "").toLowerCase(Locale.ROOT);
        return Optional.ofNullable(TYPES.get(path.substring(path.lastIndexOf('.') + 1)));
    }

    /// The part of a message of the hub that holds it.
    ObjectNode part() {
        ObjectNode part = JsonNodeFactory.instance.objectNode();
        if (source instanceof Source.Kept(String id)) {
            part.put("type", "file").putObject("file").put("file_id", id);
            return part;
        }
        switch (kind) {
            case IMAGE -> part.put("type", "image_url").putObject("image_url").put("url", address());
            case VIDEO -> part.put("type", "video_url").putObject("video_url").put("url", address());
            case AUDIO -> {
                if (source instanceof Source.Inline(String data)) {
                    part.put("type", "input_audio").putObject("input_audio").put("data", data).put("format", format());
                } else {
                    part.put("type", "file").putObject("file").put("file_data", address());
                }
            }
            case DOCUMENT -> {
                ObjectNode file = part.put("type", "file").putObject("file");
                file.put("filename", name.orElseGet(this::usualName)).put("file_data", address());
            }
        }
        return part;
    }

    /// Notes that nobody but OpenAI is told how closely to look at an image.
    void dropDetail(Given part, Losses losses) {
        Given detail = part.at("image_url").at("detail");
        if (detail.isPresent() && !detail.says("auto")) losses.drop(detail.path());
    }

    /// Notes that nobody is told what it is called.
    void dropName(Given part, Losses losses) {
        boolean given = name.filter(one -> !one.equals(usualName())).isPresent();
        if (given) losses.drop(part.at("file").at("filename").path());
    }

    /// Its text, when it is a text that is here.
    Optional<String> text() {
        if (type.filter(known -> known.startsWith("text/")).isEmpty()) return Optional.empty();
        if (!(source instanceof Source.Inline(String base64))) return Optional.empty();
        try {
            return Optional.of(new String(Base64.getMimeDecoder().decode(base64), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private String address() {
        return switch (source) {
            case Source.Inline(String base64) -> DATA + type.orElse(PDF) + ";base64," + base64;
            case Source.Link(String url) -> url;
            case Source.Kept(String id) -> id;
        };
    }

    private String format() {
        String subtype = type.orElse("audio/wav").substring("audio/".length());
        return switch (subtype) {
            case "mpeg", "mp3" -> "mp3";
            case "x-wav", "wave", "wav" -> "wav";
            default -> subtype;
        };
    }

    /// The hub wants a name.
    private String usualName() {
        String path = source instanceof Source.Link(String url) ? url.replaceFirst("[?#].*", "") : "";
        String last = path.substring(path.lastIndexOf('/') + 1);
        if (last.indexOf('.') > 0) return last;
        return type.orElse(PDF).equals(PDF) ? "document.pdf" : "document.txt";
    }
}
