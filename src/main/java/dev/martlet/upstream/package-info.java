/// One exchange with one provider over HTTP/1.1, in plain blocking code: connect, send, read the head, hand on the body.
///
/// Entry: [dev.martlet.upstream.Upstream#send]. Read in this order: `Upstream` (which connection), `Connector` (how one
/// is made), `Exchange` (what is said on it), `Pool` (where it rests). The room reports transport facts as a
/// [dev.martlet.Signal]; what they mean for routing is judged elsewhere. A new way for a peer to fail is a new
/// [dev.martlet.Cause], and the test of this room that misbehaves in that way.
@NullMarked
package dev.martlet.upstream;

import org.jspecify.annotations.NullMarked;
