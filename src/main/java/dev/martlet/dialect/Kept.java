package dev.martlet.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;

import dev.martlet.wire.JsonTree;

/// What a stream gives to keep until its end: bounded, whatever a provider sends.
final class Kept {
    /// Several times what the longest answers of today's models are.
    private static final long BYTES_MAX = 32 << 20;

    private long bytes;

    /// Keeps a text.
    ///
    /// @throws Garbled if that is more than an answer can be
    void add(String text) throws Garbled {
        add(2L * text.length());
    }

    /// Keeps a text of which a tree is made at the end.
    ///
    /// @throws Garbled likewise
    void addJson(String text) throws Garbled {
        add(JsonTree.heldBytes(text.getBytes(UTF_8)));
    }

    /// Keeps any value.
    ///
    /// @throws Garbled likewise
    void add(JsonNode value) throws Garbled {
        if (value.isTextual()) add(value.textValue());
        else add(JsonTree.heldBytes(JsonTree.write(value)));
    }

    private void add(long more) throws Garbled {
        bytes += more;
        if (bytes > BYTES_MAX) throw new Garbled("an answer is too large");
    }
}
