/// Which upstream, in what order, and what a signal means for the next: pure, without I/O. Memory of failures lives here.
///
/// Entry: [dev.martlet.routing.Router#plan]. A plan walks over the pool or over channels; a lease is an attempt under way, and
/// what it learns is remembered. To add a signal, follow the compiler from [dev.martlet.Signal] to the table of verdicts,
/// [dev.martlet.routing.Ruling], and to that of memory, [dev.martlet.routing.ChannelLease]; then it is a row of `JudgeTest`.
/// To add a strategy: `RoutingPolicy.Strategy`, and the compiler leads to [dev.martlet.routing.Walk].
@NullMarked
package dev.martlet.routing;

import org.jspecify.annotations.NullMarked;
