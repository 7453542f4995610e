/// The story of one call: plan, send, judge, deliver. The only room that drives all the others.
///
/// Entry: [dev.martlet.relay.Relay#handle]; it reads top to bottom, and nothing happens in a callback.
@NullMarked
package dev.martlet.relay;

import org.jspecify.annotations.NullMarked;
