package dev.martlet;

import java.io.InputStream;
import java.util.OptionalLong;
import java.util.function.Supplier;

/// What a message carries. Whether it can be sent a second time is a property of the type.
public sealed interface Body {
    /// No content at all, and no framing that speaks of any.
    record None() implements Body {}

    /// Content held in memory; may be sent any number of times. The bytes are not copied: whoever holds them leaves them alone.
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody, and large: a copy or a list of octets would cost
    record Held(byte[] bytes) implements Body {}

    /// Content that is still arriving; may be read once. The length in bytes is known when the sender said it.
    record Flowing(InputStream stream, OptionalLong length) implements Body {}

    /// Content in a file; may be sent any number of times.
    ///
    /// @param content gives it from its beginning
    /// @param length  in bytes
    record Spooled(Supplier<InputStream> content, long length) implements Body {}

    /// Whether the body can be sent again to another target.
    default boolean replayable() {
        return switch (this) {
            case None _, Held _, Spooled _ -> true;
            case Flowing _ -> false;
        };
    }
}
