package dev.martlet.dialect;

import com.fasterxml.jackson.databind.node.ObjectNode;

/// Gathers the events of a stream into the whole answer that would have come without one, losing nothing.
interface Collect {
    /// Takes the next event.
    ///
    /// @throws Garbled if it cannot be a part of an answer
    void add(Event event) throws Garbled;

    /// The answer of all events so far.
    ///
    /// @throws Garbled if there was none
    ObjectNode whole() throws Garbled;
}
