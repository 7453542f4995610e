/// Which upstream, in what order, and what a signal means for the next: pure, without I/O. Memory of failures lives here.
///
/// Entry: [dev.martlet.routing.Router#plan]. To add a signal, follow the compiler from [dev.martlet.Signal] to
/// [dev.martlet.routing.Plan#judge] and [dev.martlet.routing.Lease#learn].
@NullMarked
package dev.martlet.routing;

import org.jspecify.annotations.NullMarked;
