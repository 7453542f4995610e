/// The public listener: who connects, what a well-formed message is, and what a door is.
///
/// Helidon accepts the connections and gives each one a virtual thread; [dev.martlet.server.Guard] speaks TLS and HTTP/1
/// on it: it alone decides where a message ends, and a [dev.martlet.server.Door] never sees one that is not
/// well-formed. To add a surface, implement `Door` and hand it to [dev.martlet.server.Server]; the first door that opens
/// takes the request.
@NullMarked
package dev.martlet.server;

import org.jspecify.annotations.NullMarked;
