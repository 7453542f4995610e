package dev.martlet.routing;

/// Whether another may be asked after an attempt has failed.
enum Repeat {
    NEVER,
    ALWAYS,
    /// Where the call can be sent, and worked on, again.
    IF_REPLAYABLE,
    /// The same, but not after a second attempt that went the same way.
    IF_REPLAYABLE_ONCE
}
