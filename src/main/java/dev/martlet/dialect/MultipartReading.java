package dev.martlet.dialect;

import dev.martlet.Operation;
import dev.martlet.Refused;
import dev.martlet.wire.Malformed;
import dev.martlet.wire.Multipart;
import dev.martlet.wire.Multipart.FormField;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// What a form on the OpenAI surface asks for, read as it arrives. A second `model` or `stream` is refused wherever it stands:
/// who reads the first is told something else than who reads the last.
public final class MultipartReading {
    private static final String MODEL = "model";
    private static final String STREAM = "stream";

    private final Operation operation;
    private final Multipart form;
    private int seen;
    private Optional<FormField> model = Optional.empty();
    private boolean streamSeen;
    private boolean stream;

    /// A part of the body in whose place another text goes.
    ///
    /// @param from where in the body it begins
    /// @param to   where it ends
    public record Edit(long from, long to, String text) {}

    /// @param contentTypes what the request says of its content
    /// @throws Refused with a [dev.martlet.Refusal.BadRequest] if that is not one form
    public MultipartReading(Operation operation, List<String> contentTypes) {
        if (contentTypes.size() != 1) throw malformed("more than one Content-Type");
        this.operation = operation;
        try {
            this.form = new Multipart(contentTypes.getFirst(), Set.of(MODEL, STREAM));
        } catch (Malformed malformed) {
            throw malformed(String.valueOf(malformed.getMessage()));
        }
    }

    /// Whether one of these says that a form comes.
    public static boolean reads(List<String> contentTypes) {
        for (String type : contentTypes) {
            if (Multipart.is(type)) return true;
        }
        return false;
    }

    /// Reads on.
    ///
    /// @throws Refused with a [dev.martlet.Refusal.BadRequest] if it is no form, or one that could be read in two ways
    public void read(byte[] bytes, int from, int length) {
        try {
            form.read(bytes, from, length);
        } catch (Malformed malformed) {
            throw malformed(String.valueOf(malformed.getMessage()));
        }
        List<FormField> found = form.found();
        while (seen < found.size()) take(found.get(seen++));
    }

    /// That was all of it.
    ///
    /// @throws Refused with a [dev.martlet.Refusal.BadRequest] if something is missing
    public void end() {
        if (!form.closed()) throw malformed("a form ends without its last boundary");
        if (model.isEmpty()) Models.whenAbsent(operation);
    }

    /// Whether it is known by now which model is asked for.
    public boolean namesModel() {
        return model.isPresent();
    }

    /// As the caller wrote it; what OpenAI takes when it may be left out and was.
    public String model() {
        return model.flatMap(FormField::text).orElseGet(() -> Models.whenAbsent(operation));
    }

    /// Whether the answer is to come event by event, as far as that has been read.
    public boolean stream() {
        return stream;
    }

    /// What to change for an upstream; empty when nothing is. A form that names no model stays without.
    ///
    /// @param upstreamModel what the model is called there
    public Optional<Edit> edit(String upstreamModel) {
        return model.filter(_ -> !upstreamModel.equals(model()))
                .map(field -> new Edit(field.from(), field.to(), upstreamModel));
    }

    private void take(FormField field) {
        boolean again = field.name().equals(MODEL) ? model.isPresent() : streamSeen;
        if (again) {
            String message = "The body has more than one `" + field.name() + "`";
            throw RequestReading.refused("duplicate_key", message, Optional.of(field.name()));
        }
        if (field.file()) throw malformed("`" + field.name() + "` is sent as a file");
        String text = field.text().orElseThrow(() -> malformed("`" + field.name() + "` is not UTF-8"));
        if (field.name().equals(MODEL)) {
            Models.checked(text);
            model = Optional.of(field);
        } else {
            streamSeen = true;
            stream = isTrue(text);
        }
    }

    private static boolean isTrue(String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default ->
                    throw RequestReading.refused(
                            "invalid_type", "Invalid type for 'stream': expected a boolean", Optional.of(STREAM));
        };
    }

    private static Refused malformed(String what) {
        return RequestReading.refused("invalid_multipart", "Invalid request body: " + what, Optional.empty());
    }
}
