package dev.martlet.relay;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.martlet.Body;
import dev.martlet.dialect.Heading.Form;
import dev.martlet.dialect.RequestReading;
import dev.martlet.dialect.RequestReading.Wording;
import dev.martlet.wire.JsonTree;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// A question in JSON: held whole, and sent as often as it takes.
final class JsonQuestion implements Question {
    private final String model;
    private final boolean stream;
    private final Intake intake;
    private Optional<RequestReading> reading;
    private Optional<ObjectNode> tree = Optional.empty();

    JsonQuestion(RequestReading reading, Intake intake) {
        this.model = reading.model();
        this.stream = reading.stream();
        this.reading = Optional.of(reading);
        this.intake = intake;
    }

    @Override
    public String model() {
        return model;
    }

    @Override
    public boolean stream() {
        return stream;
    }

    @Override
    public OptionalLong affinity() {
        return reading.orElseThrow().affinity();
    }

    @Override
    public boolean takesWish() {
        return reading.orElseThrow().canAskForUsage();
    }

    @Override
    public boolean usageAsked() {
        return reading.orElseThrow().usageAsked();
    }

    @Override
    public Set<Form> forms() {
        return reading.orElseThrow().forms();
    }

    @Override
    public Body body(Wording wording) {
        return new Body.Held(reading.orElseThrow().body(wording));
    }

    @Override
    public boolean translatable() {
        return true;
    }

    /// Made once, for all attempts. It takes more memory than its text, and what is made of it takes some as well.
    @Override
    public ObjectNode tree() {
        if (tree.isEmpty()) {
            intake.reserve(JsonTree.heldBytes(intake.bytes()));
            tree = Optional.of(reading.orElseThrow().tree());
        }
        return tree.get();
    }

    @Override
    public void close() {
        reading = Optional.empty();
        tree = Optional.empty();
        intake.close();
    }
}
