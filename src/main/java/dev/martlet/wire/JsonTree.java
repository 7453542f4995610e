package dev.martlet.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.Optional;

/// JSON documents as trees, for those who make another document of one. Numbers stay as they are written, members in their
/// order; of two members with the same name the last one counts. Texts are written in UTF-8, without escapes but those that
/// have to be, and half a surrogate pair, which may be the end of one piece of a text. Bounds as in [Json].
public final class JsonTree {
    /// More than any body that is let in.
    private static final int STRING_CHARS_MAX = 1 << 30;

    /// What a value takes beside its text; an object with a member is two of them.
    private static final int VALUE_BYTES = 150;

    /// What is read can stand inside of something else, in a document that is written.
    private static final int WRITTEN_DEPTH_MAX = 2 * Json.DEPTH_MAX;

    private static final JsonMapper MAPPER =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(Json.DEPTH_MAX)
                                                    .maxNumberLength(Json.NUMBER_BYTES_MAX)
                                                    .maxNameLength(Json.NAME_BYTES_MAX)
                                                    .maxStringLength(STRING_CHARS_MAX)
                                                    .build())
                                    .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
                                    .streamWriteConstraints(
                                            StreamWriteConstraints.builder().maxNestingDepth(WRITTEN_DEPTH_MAX).build())
                                    .build())
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                    .build();

    private JsonTree() {}

    /// The tree of a document; empty when it is not JSON.
    public static Optional<JsonNode> read(byte[] bytes, Span document) {
        try (JsonParser parser = MAPPER.createParser(bytes, document.from(), document.length())) {
            return Optional.of(MAPPER.readValue(new AsWritten(parser), JsonNode.class));
        } catch (IOException | NumberFormatException e) { // the second for an exponent beyond all measure
            return Optional.empty();
        }
    }

    /// The tree of a document that is all there is.
    public static Optional<JsonNode> read(byte[] bytes) {
        return read(bytes, new Span(0, bytes.length));
    }

    /// How much memory the tree of a document takes at the most: as a rule a few times its bytes, and fifty times as much where
    /// somebody has made it for that. What stands in strings counts as well: of that a tree may be made later.
    public static long heldBytes(byte[] bytes, Span document) {
        long values = 1;
        for (int i = document.from(); i < document.to(); i++) {
            byte octet = bytes[i];
            boolean opens = octet == '[' || octet == '{';
            if (octet == ',' || (opens && !closesAt(bytes, i + 1))) values++;
        }
        return 2L * document.length() + values * VALUE_BYTES;
    }

    /// The same for a document that is all there is.
    public static long heldBytes(byte[] bytes) {
        return heldBytes(bytes, new Span(0, bytes.length));
    }

    private static boolean closesAt(byte[] bytes, int at) {
        return at < bytes.length && (bytes[at] == ']' || bytes[at] == '}');
    }

    /// A tree as a document, in UTF-8 and without white space.
    public static byte[] write(JsonNode tree) {
        try {
            return MAPPER.writeValueAsBytes(tree);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree can always be written", e);
        }
    }

    /// Keeps the digits of numbers: as values `1e5` and `1E+5` are the same, as the arguments of a tool they may not be.
    private static final class AsWritten extends JsonParserDelegate {
        AsWritten(JsonParser parser) {
            super(parser);
        }

        @Override
        public JsonToken nextToken() throws IOException {
            JsonToken token = delegate.nextToken();
            boolean negativeZero = token == JsonToken.VALUE_NUMBER_INT && delegate.getText().equals("-0");
            return negativeZero ? JsonToken.VALUE_NUMBER_FLOAT : token;
        }

        @Override
        public BigDecimal getDecimalValue() throws IOException {
            return new Written(delegate.getText());
        }
    }

    private static final class Written extends BigDecimal {
        private static final long serialVersionUID = 1L;
        private final String digits;

        Written(String digits) {
            super(digits);
            this.digits = digits;
        }

        @Override
        public String toString() {
            return digits;
        }
    }
}
