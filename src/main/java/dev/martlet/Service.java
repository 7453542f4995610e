package dev.martlet;

/// An upstream that takes raw calls.
///
/// @param name for logs, trails and health; never its address
public record Service(String name, Target target) {}
