/// The program: its commands, and the one object that is started and stopped.
///
/// Entry: [dev.martlet.app.Main]. [dev.martlet.app.Gateway] is what `serve` and the end-to-end tests start alike.
@NullMarked
package dev.martlet.app;

import org.jspecify.annotations.NullMarked;
