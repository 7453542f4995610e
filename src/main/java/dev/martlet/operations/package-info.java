/// What operators and load balancers ask: health, readiness, the welcome page. Passive, and costs an upstream nothing.
///
/// Entry: [dev.martlet.operations.Operations]. A new path is a line in its `enter`; the test that walks the paths fails
/// when it is not named in the welcome page.
@NullMarked
package dev.martlet.operations;

import org.jspecify.annotations.NullMarked;
