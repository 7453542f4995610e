/// The public doors: one class a surface. Each makes a [dev.martlet.Call] of a request, and renders refusals in its own shape.
///
/// To add a surface, write its [dev.martlet.server.Door] and hand it out in [dev.martlet.surface.Surfaces].
@NullMarked
package dev.martlet.surface;

import org.jspecify.annotations.NullMarked;
