/// Bytes: the one HTTP/1 grammar for heads, chunks and bodies, the rules for headers, and what bodies are made of: JSON, events
/// and forms. No sockets, no policy.
///
/// Entries: [dev.martlet.wire.Http1], [dev.martlet.wire.Json], [dev.martlet.wire.SseReader], [dev.martlet.wire.Multipart]. Whoever splits bytes into messages does it here, the guard, the exchange and the
/// tests alike; `RoomsTest` catches the room that imports more than the nouns.
@NullMarked
package dev.martlet.wire;

import org.jspecify.annotations.NullMarked;
