package dev.martlet.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The sound of a message, from its pieces in Base64.
final class OpenAiAudio {
    private static final String DATA = "data";

    private final Pieces members = new Pieces(Set.of("transcript"));
    private final List<String> sounds = new ArrayList<>(0);

    void add(ObjectNode piece) {
        for (Map.Entry<String, JsonNode> member : piece.properties()) {
            if (member.getKey().equals(DATA) && member.getValue().isTextual())
                sounds.add(member.getValue().textValue());
            else members.add(member.getKey(), member.getValue());
        }
    }

    ObjectNode whole() {
        ObjectNode whole = members.whole();
        if (!sounds.isEmpty()) whole.put(DATA, joined());
        return whole;
    }

    /// What is padded was encoded by itself; everything else is a part of one text.
    private String joined() {
        boolean padded = sounds.subList(0, sounds.size() - 1).stream().anyMatch(sound -> sound.endsWith("="));
        if (!padded) return String.join("", sounds);
        try {
            ByteArrayOutputStream sound = new ByteArrayOutputStream();
            for (String piece : sounds) sound.writeBytes(Base64.getDecoder().decode(piece));
            return Base64.getEncoder().encodeToString(sound.toByteArray());
        } catch (IllegalArgumentException e) {
            return String.join("", sounds);
        }
    }
}
