/// What operators and load balancers ask: health, readiness, the welcome page. Passive, and costs an upstream nothing.
///
/// Entry: [dev.martlet.operations.Operations]. A new path is a line in its `enter`, and in the welcome page;
/// nobody catches a miss there.
@NullMarked
package dev.martlet.operations;

import org.jspecify.annotations.NullMarked;
