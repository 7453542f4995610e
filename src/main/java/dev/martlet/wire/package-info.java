/// Bytes: the one HTTP/1 grammar for heads, chunks and bodies, and the rules for headers. No sockets, no policy.
///
/// Entry: [dev.martlet.wire.Http1]. Whoever splits bytes into messages does it here, the guard, the exchange and the
/// tests alike; `RoomsTest` catches the room that imports more than the nouns.
@NullMarked
package dev.martlet.wire;

import org.jspecify.annotations.NullMarked;
