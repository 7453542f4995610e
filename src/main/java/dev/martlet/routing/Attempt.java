package dev.martlet.routing;

import dev.martlet.Target;

/// One target that a call may be sent to.
///
/// @param name for logs and trails
public record Attempt(String name, Target target) {}
