package dev.martlet.relay;

import dev.martlet.Ending;
import dev.martlet.Signal;

/// An answer that has begun, and of which the client has seen nothing yet. Closing it calls off what is left.
interface Opening extends AutoCloseable {
    /// What routing is to know of it.
    Signal signal();

    /// Whether it holds these characters; in a stream nobody looks.
    boolean mentions(String word);

    /// The commit: hands the answer on, from its first byte to its end.
    Ending deliver(Reply reply);

    @Override
    void close();
}
