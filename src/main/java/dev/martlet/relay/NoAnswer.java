package dev.martlet.relay;

import dev.martlet.Ending;
import dev.martlet.Signal;

/// No answer, whatever came: nobody gets it.
record NoAnswer(Signal signal) implements Opening {
    @Override
    public boolean mentions(String word) {
        return false;
    }

    @Override
    public Ending deliver(Reply reply) {
        throw new IllegalStateException("there is no answer");
    }

    @Override
    public void close() {}
}
