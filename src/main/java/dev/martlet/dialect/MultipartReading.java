package dev.martlet.dialect;

import dev.martlet.Operation;
import dev.martlet.Refused;
import dev.martlet.wire.Malformed;
import dev.martlet.wire.Multipart;
import dev.martlet.wire.Multipart.FormField;
import dev.martlet.wire.Span;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What a form on the OpenAI surface asks for, as far as its first bytes say. A second `model` or `stream` within these bytes
/// is refused; one behind them is not seen.
public sealed interface MultipartReading {

    /// The model is known.
    ///
    /// @param model  as the caller wrote it; what OpenAI takes when it may be left out and was
    /// @param place  where it is named; empty when it was left out
    /// @param stream whether the answer is to come event by event; false when that is not in these bytes
    record Found(String model, Optional<Span> place, boolean stream) implements MultipartReading {

        /// The same bytes with the name that the upstream has for the model.
        ///
        /// @param begin the bytes that were read
        public byte[] begin(byte[] begin, String upstreamModel) {
            if (place.isEmpty() || upstreamModel.equals(model)) return begin;
            return place.get().replacedIn(begin, upstreamModel.getBytes(StandardCharsets.UTF_8));
        }
    }

    /// The model is not within these bytes; more may have it.
    record NotYet() implements MultipartReading {}

    /// Reads how a form begins.
    ///
    /// @param contentType the request's field that has the boundary
    /// @param begin       the first bytes of the body
    /// @param whole       whether that is all of it
    /// @throws Refused with a [dev.martlet.Refusal.BadRequest] if it is no form, or one that could be read in two ways
    static MultipartReading of(Operation operation, String contentType, byte[] begin, boolean whole) {
        Multipart form = form(contentType, begin);
        if (whole && !form.closed()) throw malformed("a form ends without its last boundary");
        Optional<FormField> model = only(form.fields(), "model");
        Optional<FormField> stream = only(form.fields(), "stream");
        boolean streaming = stream.isPresent() && isTrue(text(begin, stream.get()));
        if (model.isPresent()) {
            String name = Models.checked(text(begin, model.get()));
            return new Found(name, model.map(FormField::content), streaming);
        }
        if (!form.closed()) return new NotYet();
        return new Found(Models.whenAbsent(operation), Optional.empty(), streaming);
    }

    private static Multipart form(String contentType, byte[] begin) {
        try {
            return Multipart.read(contentType, begin);
        } catch (Malformed malformed) {
            throw malformed(String.valueOf(malformed.getMessage()));
        }
    }

    /// The field of this name that is here as a whole.
    private static Optional<FormField> only(List<FormField> fields, String name) {
        List<FormField> all = fields.stream().filter(field -> field.name().equals(name)).toList();
        if (all.size() > 1) {
            throw RequestReading.refused(
                    "duplicate_key", "The body has more than one `" + name + "`", Optional.of(name));
        }
        if (all.isEmpty() || !all.getFirst().whole()) return Optional.empty();
        if (all.getFirst().file()) throw malformed("`" + name + "` is sent as a file");
        return Optional.of(all.getFirst());
    }

    private static String text(byte[] begin, FormField field) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(begin, field.content().from(), field.content().length()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw malformed("`" + field.name() + "` is not UTF-8");
        }
    }

    private static boolean isTrue(String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default ->
                    throw RequestReading.refused(
                            "invalid_type", "Invalid type for 'stream': expected a boolean", Optional.of("stream"));
        };
    }

    private static Refused malformed(String what) {
        return RequestReading.refused("invalid_multipart", "Invalid request body: " + what, Optional.empty());
    }
}
