package dev.martlet.telemetry;

import com.fasterxml.jackson.databind.node.ObjectNode;

/// One line of the log, in both its forms.
interface Line {
    /// For people and journald; nothing in it is longer than a line.
    String text();

    /// The same as fields of a JSON object; `event` says which ones there are.
    void into(ObjectNode object);

    /// A sentence, escaped already.
    record Message(String text) implements Line {
        @Override
        public void into(ObjectNode object) {
            object.put("event", "message").put("message", text);
        }
    }
}
