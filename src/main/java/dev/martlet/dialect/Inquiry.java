package dev.martlet.dialect;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.martlet.Operation;

/// A request in some dialect: what its address says in some, and its body.
///
/// @param model  what the receiver calls the model
/// @param stream whether the answer is to come event by event
/// @param body   in the words of the dialect; nobody changes it who did not make it
record Inquiry(Operation.Kind kind, String model, boolean stream, ObjectNode body) {
    Inquiry with(ObjectNode otherBody) {
        return new Inquiry(kind, model, stream, otherBody);
    }
}
