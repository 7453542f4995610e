package dev.martlet.relay;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.martlet.Body;
import dev.martlet.Halt;
import dev.martlet.dialect.Heading.Form;
import dev.martlet.dialect.RequestReading.Wording;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// What a call asks a model, read just as far as it takes to route it; and the body that carries it, as each upstream gets
/// it. What it holds is given back when it is closed: from then on it knows no more than the model, and whether it streams.
interface Question extends AutoCloseable {
    /// As the caller wrote it.
    String model();

    /// Whether the answer is to come event by event.
    boolean stream();

    /// The same for calls that belong together; empty when that would bring nothing.
    default OptionalLong affinity() {
        return OptionalLong.empty();
    }

    /// Whether its body can be sent, as things stand now: one that flows is gone once any of it was.
    default boolean sendable() {
        return true;
    }

    /// Why its body can be sent only once; empty when it can be sent again.
    default Optional<Halt> notHeld() {
        return Optional.empty();
    }

    /// Whether a stream can be made to end with a count of tokens that the caller has not asked for.
    default boolean takesWish() {
        return false;
    }

    /// Whether the caller wants the count of tokens at the end of a stream.
    default boolean usageAsked() {
        return false;
    }

    /// Other than the usual ones in which the caller wants something of the answer written.
    default Set<Form> forms() {
        return Set.of();
    }

    /// The body for an upstream that speaks the caller's dialect.
    Body body(Wording wording);

    /// Whether it can be put in the words of another dialect.
    default boolean translatable() {
        return false;
    }

    /// What is said in it, for who puts it in other words; nobody changes it.
    default ObjectNode tree() {
        throw new IllegalStateException("it is not translatable");
    }

    @Override
    void close();
}
