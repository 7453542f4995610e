package dev.martlet.relay;

import dev.martlet.Ending;
import dev.martlet.Signal;
import dev.martlet.upstream.Exchange;

/// An answer that is none, whatever its status says: nobody gets it.
record NoAnswer(Exchange exchange, Signal signal) implements Opening {
    @Override
    public boolean mentions(String word) {
        return false;
    }

    @Override
    public Ending deliver(Reply reply) {
        throw new IllegalStateException("there is no answer");
    }

    @Override
    public void close() {
        exchange.close();
    }
}
