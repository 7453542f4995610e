package dev.martlet.relay;

import dev.martlet.Body;
import dev.martlet.Halt;
import dev.martlet.dialect.MultipartReading;
import dev.martlet.dialect.RequestReading.Wording;

import java.util.Optional;

/// A question in a form, as a rule with a file in it.
record FormQuestion(MultipartReading reading, FormContent content) implements Question {
    @Override
    public String model() {
        return reading.model();
    }

    @Override
    public boolean stream() {
        return reading.stream();
    }

    @Override
    public boolean sendable() {
        return content.sendable();
    }

    @Override
    public Optional<Halt> notHeld() {
        return content.notHeld();
    }

    @Override
    public Body body(Wording wording) {
        return content.body(reading.edit(wording.model()));
    }

    @Override
    public void close() {
        content.close();
    }
}
