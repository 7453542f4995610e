package dev.martlet.relay;

import dev.martlet.Body;
import dev.martlet.dialect.RequestReading;

import java.util.OptionalLong;

/// A question in JSON: held whole, and sent as often as it takes.
record JsonQuestion(RequestReading reading, Intake intake) implements Question {
    @Override
    public String model() {
        return reading.model();
    }

    @Override
    public boolean stream() {
        return reading.stream();
    }

    @Override
    public OptionalLong affinity() {
        return reading.affinity();
    }

    @Override
    public boolean takesWish() {
        return reading.canAskForUsage();
    }

    @Override
    public Body body(String upstreamModel, boolean wish) {
        return new Body.Held(reading.body(upstreamModel, wish));
    }

    @Override
    public void close() {
        intake.close();
    }
}
