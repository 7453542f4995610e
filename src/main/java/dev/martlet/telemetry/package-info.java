/// What operators see: the log, one line a call, never a secret and never a body.
///
/// Entry: [dev.martlet.telemetry.Telemetry]. To show one more fact of a call, add it to [dev.martlet.CallRecord] and to
/// `CallLine`, whose test has every field.
@NullMarked
package dev.martlet.telemetry;

import org.jspecify.annotations.NullMarked;
