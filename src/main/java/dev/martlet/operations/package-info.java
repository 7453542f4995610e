/// What operators and load balancers ask: health, readiness, counts, the welcome page. Passive, and costs an upstream
/// nothing; but for the checking of keys, which asks a provider, and has limits of its own.
///
/// Entry: [dev.martlet.operations.Operations], and [dev.martlet.operations.Verification] for `/verify`. A new path is a line in its `enter`, and in the welcome page;
/// nobody catches a miss there.
@NullMarked
package dev.martlet.operations;

import org.jspecify.annotations.NullMarked;
